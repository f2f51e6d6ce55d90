package dev.gatehouse.client.oauth;

import dev.gatehouse.shared.oauth.OAuthErrorCode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110 §11.6.1).
 *
 * @param scheme lower case
 * @param parameters names in lower case, values unquoted
 */
public record Challenge(String scheme, Map<String, String> parameters) {

    public Challenge {
        parameters = Map.copyOf(parameters);
    }

    /** Reads every challenge of every field; what is malformed ends its field. */
    public static List<Challenge> parse(List<String> fields) {
        List<Challenge> challenges = new ArrayList<>();
        fields.forEach(field -> new Reader(field).read(challenges));
        return List.copyOf(challenges);
    }

    /** The challenge to follow: the first that is Bearer or DPoP (RFC 6750 §3, RFC 9449 §7.1). */
    public static Optional<Challenge> ofOAuth(List<String> fields) {
        return parse(fields).stream().filter(each -> each.scheme.equals("bearer") || each.scheme.equals("dpop")).findFirst();
    }

    /** {@code resource_metadata} (RFC 9728 §5.1). */
    public Optional<String> resourceMetadata() {
        return Optional.ofNullable(parameters.get("resource_metadata"));
    }

    public Optional<String> scope() {
        return Optional.ofNullable(parameters.get("scope")).filter(scope -> !scope.isBlank());
    }

    public boolean isInsufficientScope() {
        return OAuthErrorCode.INSUFFICIENT_SCOPE.wireName().equals(parameters.get("error"));
    }

    /** Returns whether the user must authenticate more strongly or more recently (RFC 9470 §3). */
    public boolean isInsufficientAuthentication() {
        return "insufficient_user_authentication".equals(parameters.get("error"));
    }

    /** The parameters of the authorization request that answers such a challenge (RFC 9470 §4); empty for other challenges. */
    public Map<String, String> authentication() {
        Map<String, String> asked = new LinkedHashMap<>();
        if (isInsufficientAuthentication()) {
            Stream.of("acr_values", "max_age").filter(parameters::containsKey).forEach(name -> asked.put(name, parameters.get(name)));
        }
        return asked;
    }

    public boolean asksForNonce() {
        return OAuthErrorCode.USE_DPOP_NONCE.wireName().equals(parameters.get("error"));
    }

    /** Reads one header field. */
    private static final class Reader {

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void read(List<Challenge> challenges) {
            skip(" \t,");
            while (at < text.length()) {
                String scheme = token();
                if (scheme.isEmpty()) {
                    return;
                }
                Map<String, String> parameters = new LinkedHashMap<>();
                boolean wellFormed = parameters(parameters);
                challenges.add(new Challenge(scheme.toLowerCase(Locale.ROOT), parameters));
                if (!wellFormed) {
                    return;
                }
                skip(" \t,");
            }
        }

        /** Reads parameters until the next scheme. Returns false at a malformed one. */
        private boolean parameters(Map<String, String> parameters) {
            while (true) {
                int begin = at;
                skip(" \t,");
                String name = token();
                int afterName = at;
                skip(" \t");
                if (name.isEmpty()) {
                    return at >= text.length();
                }
                if (at >= text.length() || text.charAt(at) != '=') {
                    // Not a parameter: the scheme of the next challenge, or credentials of the form token68.
                    at = parameters.isEmpty() && begin + 1 == afterName - name.length() && isToken68(afterName) ? afterName : begin;
                    return true;
                }
                at++;
                skip(" \t");
                String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
                if (value == null) {
                    return false;
                }
                parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
            }
        }

        private boolean isToken68(int end) {
            return end >= text.length() || text.charAt(end) == ',';
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            return null;
        }

        private String token() {
            int begin = at;
            while (at < text.length() && isTokenCharacter(text.charAt(at))) {
                at++;
            }
            return text.substring(begin, at);
        }

        private static boolean isTokenCharacter(char c) {
            return c > ' ' && c < 0x7F && "\",;=(){}[]?@<>\\".indexOf(c) < 0;
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }
    }
}
