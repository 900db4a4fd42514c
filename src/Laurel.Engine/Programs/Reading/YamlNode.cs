using Laurel.Engine.Values;

namespace Laurel.Engine.Programs.Reading;

/// <summary>A piece of a YAML text: a text, a list or a map. What a text means (a number, a date) is the reader's business.</summary>
/// <param name="Place">Where it is written.</param>
internal abstract record YamlNode(Place Place)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string What { get; }

    /// <summary>A text.</summary>
    /// <param name="Text">What it says; empty for nothing at all.</param>
    /// <param name="Plain">True where it is written without quotes, on one or several lines.</param>
    /// <param name="Source">The text that it is part of.</param>
    /// <param name="Start">Where it starts there, with its quote.</param>
    /// <param name="End">Where it ends.</param>
    public sealed record Scalar(Place Place, string Text, bool Plain, SourceText Source, int Start, int End) : YamlNode(Place)
    {
        /// <summary>True in the place of a value that can't be used and of which a problem tells.</summary>
        public bool Refused { get; init; }

        /// <inheritdoc/>
        public override string What => Text.Length == 0 && Plain ? "nothing" : "a text";

        /// <summary>The place of a part of the text. Where quotes, escapes or folded lines lie between, the part's start is found again.</summary>
        /// <param name="start">Where the part starts in <see cref="Text"/>.</param>
        /// <param name="length">How many characters.</param>
        public Place PlaceOf(int start, int length) => ScalarPlaces.Of(this, start, length);

        /// <summary>True where a comment follows on the line on which a plain text ends.</summary>
        public bool CommentFollows
        {
            get
            {
                var i = End;
                while (i < Source.Text.Length && Source.Text[i] == ' ') { i++; }
                return Plain && i > End && i < Source.Text.Length && Source.Text[i] == '#';
            }
        }
    }

    /// <summary>A list.</summary>
    public sealed record List(Place Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place)
    {
        /// <inheritdoc/>
        public override string What => "a list";
    }

    /// <summary>A map, in the order written; no key is there twice.</summary>
    /// <param name="Flow">True where it is written in braces.</param>
    public sealed record Map(Place Place, IReadOnlyList<Entry> Entries, bool Flow) : YamlNode(Place)
    {
        /// <inheritdoc/>
        public override string What => "a map";

        /// <summary>The value of a key; null where it is not there.</summary>
        public YamlNode? Find(string key)
        {
            foreach (var entry in Entries)
            {
                if (entry.Name == key) { return entry.Value; }
            }
            return null;
        }
    }

    /// <summary>A key of a map and its value.</summary>
    public sealed record Entry(Scalar Key, YamlNode Value)
    {
        /// <summary>The key's text.</summary>
        public string Name => Key.Text;
    }
}
