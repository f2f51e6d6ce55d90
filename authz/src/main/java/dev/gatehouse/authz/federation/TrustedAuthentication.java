package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.shared.jose.Claims;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The values of a provider's {@code acr} and {@code amr} that count as levels of this server. Without any, a login at the provider is one factor. Pure.
 *
 * @param mfa the values that count as two factors
 * @param phr the values that count as resistant to phishing
 */
public record TrustedAuthentication(List<String> mfa, List<String> phr) {

    /** The methods of RFC 8176 that tokens may name. Those that decide on a level here are not among them: only the lists above do that. */
    private static final Set<String> METHODS = Set.of("face", "fpt", "geo", "hwk", "iris", "kba", "otp", "pin", "pwd", "rba", "sc", "sms", "swk", "tel", "user", "vbm", "wia");

    public TrustedAuthentication {
        mfa = List.copyOf(mfa);
        phr = List.copyOf(phr);
    }

    /** The highest level that a login at the provider can have. */
    LoginLevel highest() {
        return !phr.isEmpty() ? LoginLevel.PHISHING_RESISTANT : !mfa.isEmpty() ? LoginLevel.TWO_FACTORS : LoginLevel.ONE_FACTOR;
    }

    /** The methods of a login, from the claims of its ID token; empty if the provider is not trusted with them. */
    List<String> methods(JsonObject idToken) {
        if (highest() == LoginLevel.ONE_FACTOR) {
            return List.of();
        }
        List<String> methods = PersonClaims.texts(idToken.getValue("amr"));
        Set<String> sent = new LinkedHashSet<>(methods);
        Stream.ofNullable(Claims.optionalText(idToken, "acr")).forEach(sent::add);
        Stream<String> decisive = phr.stream().anyMatch(sent::contains) ? Stream.of("pop", "mfa") : mfa.stream().anyMatch(sent::contains) ? Stream.of("mfa") : Stream.of();
        return Stream.concat(methods.stream().filter(METHODS::contains), decisive).toList();
    }

    /** The {@code acr_values} of a request to the provider for a level. Any of them may be the one that it knows. */
    String acrValues(LoginLevel level) {
        return String.join(" ", level == LoginLevel.PHISHING_RESISTANT ? phr : Stream.concat(mfa.stream(), phr.stream()).distinct().toList());
    }
}
