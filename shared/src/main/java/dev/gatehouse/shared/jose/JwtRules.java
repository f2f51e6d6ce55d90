package dev.gatehouse.shared.jose;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The requirements on the header of one kind of JWT (RFC 8725 §3.1, §3.11).
 *
 * @param types accepted values of {@code typ}, in lower case and without {@code application/}; an empty string allows
 *     a header without {@code typ}
 * @param algorithms accepted values of {@code alg}
 * @param embeddedKey whether the header must have a key in {@code jwk}; otherwise it must not
 */
public record JwtRules(Set<String> types, Set<SigningAlgorithm> algorithms, boolean embeddedKey) {

    private static final String UNTYPED = "";
    private static final String MEDIA_TYPE = "application/";
    /** Each of these would let the sender choose the key or change the meaning of the signature. */
    private static final List<String> REFUSED = List.of("crit", "jku", "x5u", "x5c", "b64");

    /**
     * Copies the collections.
     *
     * @param types accepted values of {@code typ}
     * @param algorithms accepted algorithms
     * @param embeddedKey whether the header must contain the key
     */
    public JwtRules {
        types = Set.copyOf(types);
        algorithms = Set.copyOf(algorithms);
    }

    /**
     * {@return rules for JWTs with one of these types}
     *
     * @param types the values of {@code typ}, such as {@code at+jwt}
     */
    public static JwtRules typed(String... types) {
        return new JwtRules(
            Stream.of(types).map(JwtRules::normalize).collect(Collectors.toUnmodifiableSet()),
            SigningAlgorithm.all(), false);
    }

    /** {@return the same rules that also accept the type {@code JWT} or none, which older specifications allow} */
    public JwtRules orUntyped() {
        Set<String> more = Stream.concat(types.stream(), Stream.of("jwt", UNTYPED))
            .collect(Collectors.toUnmodifiableSet());
        return new JwtRules(more, algorithms, embeddedKey);
    }

    /**
     * {@return the same rules for these algorithms only}
     *
     * @param accepted the algorithms
     */
    public JwtRules by(Set<SigningAlgorithm> accepted) {
        return new JwtRules(types, accepted, embeddedKey);
    }

    /** {@return the same rules that require the key in the header} The signature then proves possession of that key only (RFC 9449 §4.2). */
    public JwtRules withEmbeddedKey() {
        return new JwtRules(types, algorithms, true);
    }

    /** Returns the algorithm of the signature. @throws JwtException if the header is not acceptable */
    SigningAlgorithm require(UnverifiedJwt jwt) {
        if (REFUSED.stream().anyMatch(jwt.header()::containsKey)) {
            throw new JwtException("a header member that is never accepted");
        }
        if (jwt.header().containsKey("jwk") != embeddedKey) {
            throw new JwtException(embeddedKey ? "no embedded key" : "an embedded key");
        }
        requireType(Claims.optionalText(jwt.header(), "typ"));
        return SigningAlgorithm.named(Claims.text(jwt.header(), "alg")).filter(algorithms::contains)
            .orElseThrow(() -> new JwtException("an algorithm that is not accepted"));
    }

    private void requireType(String typ) {
        if (!types.contains(typ == null ? UNTYPED : normalize(typ))) {
            throw new JwtException("a JWT of another type");
        }
    }

    /** RFC 7515 §4.1.9: the prefix {@code application/} may be omitted. */
    private static String normalize(String typ) {
        String lower = typ.toLowerCase(Locale.ROOT);
        return lower.startsWith(MEDIA_TYPE) ? lower.substring(MEDIA_TYPE.length()) : lower;
    }
}
