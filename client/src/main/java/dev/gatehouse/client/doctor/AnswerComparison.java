package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares a recorded answer with the answer to the same request now. Values that differ each time are not compared. Pure. */
final class AnswerComparison {

    private static final List<String> HEADERS = List.of("access-control-allow-origin", "access-control-expose-headers", "access-control-allow-headers",
        "access-control-allow-methods", "allow", "cache-control");
    private static final Set<String> COMPARED = Set.of("error", "scope", "token_type", "grant_types", "response_types", "token_endpoint_auth_method",
        "scopes_supported", "code_challenge_methods_supported", "grant_types_supported", "response_types_supported", "token_endpoint_auth_methods_supported",
        "client_id_metadata_document_supported", "authorization_response_iss_parameter_supported", "bearer_methods_supported");

    private AnswerComparison() {
    }

    /** The first difference in words; empty when the answers are the same. */
    static Optional<String> difference(Exchange before, Exchange now) {
        if (before.status() != now.status()) {
            return Optional.of("was " + outcome(before) + ", is " + outcome(now));
        }
        if (!before.mediaType().equals(now.mediaType())) {
            return Optional.of("the media type was " + before.mediaType() + ", is " + now.mediaType());
        }
        return error(before, now).or(() -> challenge(before, now)).or(() -> redirect(before, now)).or(() -> headers(before, now)).or(() -> members(before, now));
    }

    private static String outcome(Exchange exchange) {
        return exchange.answer() + exchange.error().map(error -> " " + error).orElse("");
    }

    private static Optional<String> error(Exchange before, Exchange now) {
        return before.error().equals(now.error()) ? Optional.empty()
            : Optional.of("error was " + before.error().orElse("none") + ", is " + now.error().orElse("none"));
    }

    private static Optional<String> challenge(Exchange before, Exchange now) {
        Set<String> was = parameters(before.header("www-authenticate"));
        Set<String> is = parameters(now.header("www-authenticate"));
        return was.equals(is) ? Optional.empty() : Optional.of("WWW-Authenticate had " + was + ", has " + is);
    }

    /** The scheme and the names of the parameters of a challenge. */
    private static Set<String> parameters(String challenge) {
        return new TreeSet<>(List.of(challenge.replaceAll("=(\"[^\"]*\"|[^\\s,]*)", "=").replace(",", " ").strip().split("\\s+")));
    }

    private static Optional<String> redirect(Exchange before, Exchange now) {
        Set<String> was = new TreeSet<>(Exchange.query(before.header("location")).keySet());
        Set<String> is = new TreeSet<>(Exchange.query(now.header("location")).keySet());
        return was.equals(is) ? Optional.empty() : Optional.of("the redirect had the parameters " + was + ", has " + is);
    }

    private static Optional<String> headers(Exchange before, Exchange now) {
        return HEADERS.stream().filter(name -> !before.header(name).equals(now.header(name))).findFirst()
            .map(name -> name + " was \"" + before.header(name) + "\", is \"" + now.header(name) + "\"");
    }

    private static Optional<String> members(Exchange before, Exchange now) {
        JsonObject was = before.json().orElseGet(JsonObject::new);
        JsonObject is = now.json().orElseGet(JsonObject::new);
        if (!was.fieldNames().equals(is.fieldNames())) {
            return Optional.of("the members were " + new TreeSet<>(was.fieldNames()) + ", are " + new TreeSet<>(is.fieldNames()));
        }
        return was.fieldNames().stream().filter(COMPARED::contains).filter(name -> !Objects.equals(was.getValue(name), is.getValue(name))).findFirst()
            .map(name -> name + " was " + was.getValue(name) + ", is " + is.getValue(name));
    }
}
