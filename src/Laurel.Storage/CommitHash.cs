using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Laurel.Storage;

/// <summary>A subject of which a commit is the first to speak.</summary>
/// <param name="Subject">Its number.</param>
/// <param name="Kind">The word of its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Salt">Bytes without which the name can't be guessed once it is gone.</param>
internal sealed record NamedSubject(long Subject, long Kind, string Name, byte[] Salt);

/// <summary>Chains commits: each has a hash over the one before, over itself, and over the names that subjects have from it on, which no leaf of the log says.</summary>
internal static class CommitHash
{
    /// <summary>The hash of a commit.</summary>
    /// <param name="before">The commit before.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="named">The subjects of which it is the first to speak, in the order of their numbers.</param>
    public static byte[] Of(Commit before, Commit commit, IEnumerable<NamedSubject> named)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before.Hash ?? new byte[SHA256.HashSizeInBytes]);
        Append(hash, commit.Number, commit.Recorded, commit.FactsTo, commit.EntriesTo, commit.ChangesTo, commit.StageFrom ?? -1, commit.StageTo ?? -1, (long)commit.Kind, commit.Book, commit.Epoch);
        hash.AppendData(commit.FactsRoot);
        hash.AppendData(commit.EntriesRoot);
        foreach (var (subject, kind, name, salt) in named)
        {
            Append(hash, subject, kind);
            hash.AppendData(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(name)]));
        }
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, params ReadOnlySpan<long> numbers)
    {
        Span<byte> eight = stackalloc byte[sizeof(long)];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64BigEndian(eight, number);
            hash.AppendData(eight);
        }
    }

    /// <summary>The subjects that a commit's rows name.</summary>
    public static IEnumerable<NamedSubject> Named(IReadOnlyList<Rows> tables)
    {
        foreach (var rows in tables.Where(t => t.Table == "subjects"))
        {
            Array Of(string column) => rows.Columns.First(c => c.Name == column).Values;
            var (subjects, kinds, names, salts) = ((long[])Of("subject"), (long[])Of("kind"), (string[])Of("name"), (byte[][])Of("salt"));
            for (var i = 0; i < rows.Count; i++) { yield return new(subjects[i], kinds[i], names[i], salts[i]); }
        }
    }
}
