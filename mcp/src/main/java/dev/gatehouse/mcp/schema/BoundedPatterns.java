package dev.gatehouse.mcp.schema;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import com.networknt.schema.regex.RegularExpressions;

import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The regular expressions of schemas, with a bound on their work. Callers choose the texts, and a backtracking expression may
 * take exponential time or a deep stack for a short one. The JDK's engine stays, since schemas use lookahead; each
 * character that it reads counts, over all expressions of one check.
 */
final class BoundedPatterns implements RegularExpressionFactory {

    /** Some milliseconds, however short the texts are. */
    private static final long READS = 1_000_000;
    private static final long READS_PER_CHARACTER = 8;
    private static final ThreadLocal<Allowance> CURRENT = new ThreadLocal<>();

    /** The remaining reads of one check. */
    private static final class Allowance {
        private long left = READS;
    }

    /** A text that ends the match when it has been read too often. */
    private record Counted(String text, Allowance allowance, int offset, int length) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (--allowance.left < 0) {
                throw new CheckingBudget.UsedUp();
            }
            return text.charAt(offset + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text, allowance, offset + start, end - start);
        }

        @Override
        public String toString() {
            return text.substring(offset, offset + length);
        }
    }

    /** Checks a value. All matches of the check share one allowance, which grows with the texts. */
    static <T> T within(Supplier<T> check) {
        CURRENT.set(new Allowance());
        try {
            return check.get();
        } finally {
            CURRENT.remove();
        }
    }

    /** Throws {@link java.util.regex.PatternSyntaxException} if the text is not a regular expression. */
    static Pattern compile(String regex) {
        return Pattern.compile(RegularExpressions.replaceLongformCharacterProperties(RegularExpressions.replaceDollarAnchors(regex)));
    }

    @Override
    public RegularExpression getRegularExpression(String regex) {
        Pattern pattern = compile(regex);
        return text -> matches(pattern, text);
    }

    private static boolean matches(Pattern pattern, String text) {
        Allowance current = CURRENT.get();
        Allowance allowance = current == null ? new Allowance() : current;
        allowance.left += READS_PER_CHARACTER * text.length();
        try {
            return pattern.matcher(new Counted(text, allowance, 0, text.length())).find();
        } catch (StackOverflowError tooDeep) {
            throw new CheckingBudget.UsedUp();
        }
    }
}
