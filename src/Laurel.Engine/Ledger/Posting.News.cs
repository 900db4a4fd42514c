using System.Runtime.InteropServices;
using Laurel.Engine.Deriving;

namespace Laurel.Engine.Ledger;

/// <content>Finds what is not as it was.</content>
public sealed partial class Posting
{
    /// <summary>What is not as it was: the credits that go and those that come instead, and the members to settle as a whole.</summary>
    private sealed class News
    {
        public List<Credit> Before { get; } = [];

        public List<Credit> Now { get; } = [];

        public List<Rival> Left { get; } = [];

        public List<Rival> Came { get; } = [];

        public SortedSet<int> Members { get; } = [];

        /// <summary>The same, with all as it was: one item's are noted at a time.</summary>
        public News Anew()
        {
            Before.Clear();
            Now.Clear();
            Left.Clear();
            Came.Clear();
            Members.Clear();
            return this;
        }
    }

    /// <summary>Notes what was derived otherwise than before.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="derived">All that was derived of it before.</param>
    /// <param name="was">What of that was derived again.</param>
    /// <param name="news">Where to note it.</param>
    private void Compare(int subject, Derived derived, ReadOnlySpan<Credit> was, News news)
    {
        // Who waits for what follows for it has its credits of this subject settled with the member from now on.
        var (first, wasEnd, isEnd) = WaitsAnew(subject) ? (0, was.Length, _list.Count) : Credits.Differing(_plan!.Book, was, derived.Keys, _list.Items, CollectionsMarshal.AsSpan(_list.Keys));
        if (first == wasEnd && first == isEnd && _list.Later.Count == 0 && !_laterOf.ContainsKey(subject)) { return; }
        var gone = was[first..wasEnd];
        var come = _list.Items[first..isEnd];
        AddOwn(news.Before, gone);
        foreach (var (member, _) in _list.Later)
        {
            news.Members.Add(Note(_laterOf, member, subject));
            _courses.Remove(member);
        }
        if (_laterOf.ContainsKey(subject)) { news.Members.Add(subject); }
        if (gone.Length + come.Length == 0) { return; }
        AddOwn(news.Now, come);
        foreach (ref readonly var credit in come)
        {
            Note(_subjectsOf, credit.Member, subject);
            if (_asWhole && (_deriver!.IsCross(credit.Rule) || _budgets!.AreAbout(credit.Rule))) { Note(_crossOf, credit.Member, subject); }
            _payouts.See(credit.Member, _plan!.Book.UnitOf(credit.Rule));
        }
        if (_asWhole)
        {
            AddWholes(news.Members, gone);
            AddWholes(news.Members, come);
        }
        else
        {
            AddRivals(news.Left, gone, derived.Keys);
            AddRivals(news.Came, come, CollectionsMarshal.AsSpan(_list.Keys));
        }
        if (derived.Trail is not null) { return; }
        if (_list.Count == 0) { Keep(subject, null); }
        else { (derived == _nothing ? Keep(subject, new()) : derived).Replace(0, 0, _list.Items, CollectionsMarshal.AsSpan(_list.Keys)); }
    }

    /// <summary>True where somebody waits for what a subject gives who did not before.</summary>
    private bool WaitsAnew(int subject)
    {
        foreach (var (member, _) in _list.Later)
        {
            if (!_laterOf.TryGetValue(member, out var own) || own.BinarySearch(subject) < 0) { return true; }
        }
        return false;
    }

    /// <summary>Adds the credits that no other can change.</summary>
    private void AddOwn(List<Credit> to, ReadOnlySpan<Credit> credits)
    {
        foreach (ref readonly var credit in credits)
        {
            if (!IsCross(credit)) { to.Add(credit); }
        }
    }

    /// <summary>Adds the members that are settled as a whole by what these credits give them.</summary>
    private void AddWholes(SortedSet<int> members, ReadOnlySpan<Credit> credits)
    {
        foreach (ref readonly var credit in credits)
        {
            if (_deriver!.IsCross(credit.Rule) || _budgets!.AreAbout(credit.Rule) || _laterOf.ContainsKey(credit.Member)) { members.Add(credit.Member); }
        }
    }

    private void AddRivals(List<Rival> rivals, ReadOnlySpan<Credit> credits, ReadOnlySpan<long> keys)
    {
        foreach (ref readonly var credit in credits)
        {
            if (_deriver!.IsCross(credit.Rule)) { rivals.Add(new(credit, [.. Credits.KeysOf(_plan!.Book, credit, keys)], _deriver.CrossGroupsOf(credit, keys))); }
        }
    }

    /// <summary>Notes a subject of a member; they are kept in order.</summary>
    private static int Note(Dictionary<int, List<int>> subjectsOf, int member, int subject)
    {
        if (!subjectsOf.TryGetValue(member, out var own)) { subjectsOf[member] = own = []; }
        var place = own.BinarySearch(subject);
        if (place < 0) { own.Insert(~place, subject); }
        return member;
    }
}
