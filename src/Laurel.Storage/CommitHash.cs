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

/// <summary>A change as it was announced.</summary>
/// <param name="Member">Of whom.</param>
/// <param name="Effective">When it is so, in microseconds.</param>
/// <param name="Cause">The position of the fact that caused it; null where it was time.</param>
/// <param name="Asked">The position of the fact that asked for what it is about; null for what is no request.</param>
/// <param name="Body">What is announced.</param>
internal sealed record Announcement(long Member, long Effective, long? Cause, long? Asked, string Body);

/// <summary>Chains commits: each has a hash over the one before, over itself, over what it tells, and over the names that subjects have from it on, which no leaf of the log says.</summary>
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
        hash.AppendData(commit.Told ?? []);
        foreach (var (subject, kind, name, salt) in named)
        {
            Append(hash, subject, kind);
            hash.AppendData(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(name)]));
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The hash of what a commit tells, in order; null for nothing.</summary>
    public static byte[]? Of(IEnumerable<Announcement> told)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var any = false;
        foreach (var (member, effective, cause, asked, body) in told)
        {
            any = true;
            var text = Encoding.UTF8.GetBytes(body);
            Append(hash, member, effective, cause ?? -1, asked ?? -1, text.Length);
            hash.AppendData(text);
        }
        return any ? hash.GetHashAndReset() : null;
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
            var (subjects, kinds, names, salts) = ((long[])rows["subject"], (long[])rows["kind"], (string[])rows["name"], (byte[][])rows["salt"]);
            for (var i = 0; i < rows.Count; i++) { yield return new(subjects[i], kinds[i], names[i], salts[i]); }
        }
    }

    /// <summary>What a commit's rows tell.</summary>
    public static IEnumerable<Announcement> Told(IReadOnlyList<Rows> tables)
    {
        foreach (var rows in tables.Where(t => t.Table == "changes"))
        {
            var (members, effective, causes, asked, bodies) = ((long[])rows["member"], (long[])rows["effective"], (long?[])rows["cause"], (long?[])rows["asked"], (string[])rows["body"]);
            for (var i = 0; i < rows.Count; i++) { yield return new(members[i], effective[i], causes[i], asked[i], bodies[i]); }
        }
    }
}
