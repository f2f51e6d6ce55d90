package dev.gatehouse.mcp.bearer;

/** The form of a bearer token, {@code b64token} of RFC 6750 §2.1. What has not this form is refused without asking anybody. */
final class TokenSyntax {

    private static final int LONGEST = 8_192;

    private TokenSyntax() {
    }

    static boolean isToken(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        if (end == 0 || text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < end; i++) {
            if (!isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTokenCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
            || c == '-' || c == '.' || c == '_' || c == '~' || c == '+' || c == '/';
    }
}
