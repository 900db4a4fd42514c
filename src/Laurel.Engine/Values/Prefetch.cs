using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Laurel.Engine.Values;

/// <summary>
/// Tells the processor what will be read soon. A hint: it changes only how long reading takes, and processors that take none ignore it.
/// What facts refer to lies anywhere in memory, and waiting for it would take longer than all that is computed of it.
/// </summary>
internal static class Prefetch
{
    /// <summary>Asks for one of some items; an index outside is ignored.</summary>
    public static unsafe void Of<T>(ReadOnlySpan<T> items, int index)
        where T : unmanaged
    {
        // The address may be stale when it is used: a hint for a wrong place does no harm.
        if (Sse.IsSupported && unchecked((uint)index) < (uint)items.Length) { Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in items[index]))); }
    }
}
