using System.Globalization;
using System.Text;

namespace Laurel.Engine.Tests.Expressions;

/// <summary>A message in the text format of protocol buffers: fields in order, each a word, a text (as bytes) or a message.</summary>
internal sealed class TextProto
{
    private readonly List<(string Name, object Value)> _fields = [];

    public bool Has(string name) => _fields.Any(field => field.Name == name);

    public IEnumerable<string> Names => _fields.Select(each => each.Name);

    public IEnumerable<TextProto> Messages(string name) => _fields.Where(field => field.Name == name).Select(field => (TextProto)field.Value);

    public TextProto? Message(string name) => Messages(name).FirstOrDefault();

    public byte[] Bytes(string name) => (byte[])Single(name);

    public string Text(string name) => Has(name) ? Encoding.UTF8.GetString(Bytes(name)) : "";

    public string Word(string name) => (string)Single(name);

    private object Single(string name) => _fields.Single(field => field.Name == name).Value;

    public static TextProto Read(string text)
    {
        var reader = new Reader(text);
        return reader.Message(close: '\0');
    }

    private sealed class Reader(string text)
    {
        private int _at;

        private char Now => _at < text.Length ? text[_at] : '\0';

        public TextProto Message(char close)
        {
            var message = new TextProto();
            while (true)
            {
                SkipSpace();
                if (Now is ',' or ';') { _at++; }
                else if (Now == close) { _at++; return message; }
                else { Field(message); }
            }
        }

        private void Field(TextProto message)
        {
            var name = Word();
            SkipSpace();
            if (Now == ':') { _at++; }
            SkipSpace();
            if (Now == '{')
            {
                _at++;
                message._fields.Add((name, Message('}')));
            }
            else if (Now is '"' or '\'') { message._fields.Add((name, Texts())); }
            else { message._fields.Add((name, Word())); }
        }

        private string Word()
        {
            var start = _at;
            if (Now == '[') { _at = text.IndexOf(']', _at); }
            while (_at < text.Length && !char.IsWhiteSpace(Now) && !":{}'\",;#".Contains(Now)) { _at++; }
            return _at > start ? text[start.._at] : throw new FormatException($"no word at {_at}: {text.Substring(_at, Math.Min(40, text.Length - _at))}");
        }

        /// <summary>Texts one after another are one text.</summary>
        private byte[] Texts()
        {
            var bytes = new List<byte>();
            while (Now is '"' or '\'')
            {
                var quote = Now;
                _at++;
                while (Now != quote)
                {
                    if (Now == '\\') { Escape(bytes); }
                    else
                    {
                        var length = char.IsSurrogatePair(text, _at) ? 2 : 1;
                        bytes.AddRange(Encoding.UTF8.GetBytes(text, _at, length));
                        _at += length;
                    }
                }
                _at++;
                SkipSpace();
            }
            return [.. bytes];
        }

        private void Escape(List<byte> bytes)
        {
            var letter = text[_at + 1];
            _at += 2;
            switch (letter)
            {
                case 'x' or 'X': bytes.Add((byte)Digits(2, 16, Uri.IsHexDigit)); break;
                case 'u': bytes.AddRange(Encoding.UTF8.GetBytes(new Rune(Digits(4, 16, Uri.IsHexDigit)).ToString())); break;
                case 'U': bytes.AddRange(Encoding.UTF8.GetBytes(new Rune(Digits(8, 16, Uri.IsHexDigit)).ToString())); break;
                case >= '0' and <= '7':
                    _at--;
                    bytes.Add((byte)Digits(3, 8, digit => digit is >= '0' and <= '7'));
                    break;
                default:
                    var simple = "abfnrtv\\?\"'".IndexOf(letter, StringComparison.Ordinal);
                    bytes.Add(simple < 0 ? throw new FormatException($"no such escape: {letter}") : (byte)"\a\b\f\n\r\t\v\\?\"'"[simple]);
                    break;
            }
        }

        private int Digits(int most, int numberBase, Func<char, bool> belongs)
        {
            var start = _at;
            while (_at - start < most && belongs(Now)) { _at++; }
            return Convert.ToInt32(text[start.._at], numberBase);
        }

        private void SkipSpace()
        {
            while (_at < text.Length)
            {
                if (char.IsWhiteSpace(Now)) { _at++; }
                else if (Now == '#') { while (_at < text.Length && Now != '\n') { _at++; } }
                else { return; }
            }
        }
    }

    public static double Double(string word) => word switch
    {
        "inf" or "Infinity" => double.PositiveInfinity,
        "-inf" or "-Infinity" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(word, CultureInfo.InvariantCulture),
    };
}
