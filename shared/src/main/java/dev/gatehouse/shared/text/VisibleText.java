package dev.gatehouse.shared.text;

/**
 * Makes untrusted text safe to show on a page, in a terminal or in a log. A character that is invisible, reorders its
 * neighbours, covers other lines or controls a device is replaced by its escape, {@code \}{@code u202e}. The escapes are those of
 * JSON, so escaping an encoded JSON text does not change its value.
 */
public final class VisibleText {

    /** Invisible characters of other categories: fillers, blanks and joiners (Unicode, Default_Ignorable_Code_Point). */
    private static final String BLANK = "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u2800\u3164\uFFA0";
    private static final int EMOJI_STYLE = 0xFE0F;
    private static final int BASIC_SYMBOLS_END = 0x2000;
    /** No script stacks more combining marks than this on one letter. */
    private static final int MOST_MARKS = 6;
    private static final int NAME = 64;

    private VisibleText() {
    }

    /**
     * {@return the text on one line}
     *
     * @param text the text
     */
    public static String of(String text) {
        return isVisible(text, false) ? text : escape(text, false);
    }

    /**
     * {@return the beginning of a name that a client sent, on one line} For messages that quote it.
     *
     * @param text the name
     */
    public static String name(String text) {
        return excerpt(text, NAME);
    }

    /**
     * {@return the beginning of the text, on one line} An ellipsis stands for the rest.
     *
     * @param text    the text
     * @param longest the maximum number of characters before the ellipsis
     */
    public static String excerpt(String text, int longest) {
        String shown = of(text.substring(0, Math.min(text.length(), longest)));
        return text.length() <= longest && shown.length() <= longest ? shown : shown.substring(0, Math.min(shown.length(), longest)) + "…";
    }

    /**
     * {@return the text with its line breaks and tabs} For our own texts that quote untrusted ones.
     *
     * @param text the text
     */
    public static String lines(String text) {
        return isVisible(text, true) ? text : escape(text, true);
    }

    private static boolean isVisible(String text, boolean lines) {
        int previous = 0;
        for (int i = printable(text); i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            if ((isHidden(codePoint, previous) || isPiledUp(text, i)) && !(lines && isLayout(text, i))) {
                return false;
            }
            previous = codePoint;
        }
        return true;
    }

    /** Returns the length of the printable ASCII at the beginning, which is all of most texts. */
    private static int printable(String text) {
        int length = 0;
        while (length < text.length() && text.charAt(length) >= ' ' && text.charAt(length) < 0x7F) {
            length++;
        }
        return length;
    }

    private static String escape(String text, boolean lines) {
        StringBuilder shown = new StringBuilder(text.length() + 16);
        int previous = 0;
        for (int i = 0; i < text.length();) {
            int codePoint = text.codePointAt(i);
            int end = i + Character.charCount(codePoint);
            if ((isHidden(codePoint, previous) || isPiledUp(text, i)) && !(lines && isLayout(text, i))) {
                text.substring(i, end).chars().forEach(unit -> shown.append(String.format("\\u%04x", unit)));
            } else {
                shown.appendCodePoint(codePoint);
            }
            previous = codePoint;
            i = end;
        }
        return shown.toString();
    }

    private static boolean isLayout(String text, int index) {
        char c = text.charAt(index);
        return c == '\n' || c == '\t' || c == '\r' && text.startsWith("\r\n", index);
    }

    private static boolean isHidden(int codePoint, int previous) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            case Character.NON_SPACING_MARK -> isVariation(codePoint) ? !isEmojiStyle(codePoint, previous) : BLANK.indexOf(codePoint) >= 0;
            default -> BLANK.indexOf(codePoint) >= 0;
        };
    }

    /** More stacked marks than any script uses would cover the lines above and below. */
    private static boolean isPiledUp(String text, int index) {
        int marks = 0;
        int at = index;
        while (marks <= MOST_MARKS && isMark(text.codePointAt(at))) {
            marks++;
            if (at == 0) {
                break;
            }
            at = text.offsetByCodePoints(at, -1);
        }
        return marks > MOST_MARKS;
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static boolean isVariation(int codePoint) {
        return codePoint >= 0xFE00 && codePoint <= EMOJI_STYLE || codePoint >= 0xE0100 && codePoint <= 0xE01EF;
    }

    /** Selects the emoji form of the symbol before it; keyboards write many emoji this way. */
    private static boolean isEmojiStyle(int codePoint, int previous) {
        return codePoint == EMOJI_STYLE && previous >= BASIC_SYMBOLS_END && Character.getType(previous) == Character.OTHER_SYMBOL;
    }
}
