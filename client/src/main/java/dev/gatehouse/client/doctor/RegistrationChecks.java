package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;

import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Dynamic client registration (RFC 7591), as the doctor and as each known client. */
final class RegistrationChecks {

    private static final String LOOPBACK = Step.REGISTRATION + AuthorizationWalk.DOCTOR;
    private static final String RESPONSE = "RFC 7591 §3.2.1";

    private static final int TOO_MANY_REQUESTS = 429;

    static final List<Check> ALL = all();

    private RegistrationChecks() {
    }

    private static List<Check> all() {
        List<Check> checks = new ArrayList<>(List.of(
            new Check("registration-open", "A client registers without a token", "RFC 7591 §3", Breaks.REGISTERING,
                "Take registrations without an initial access token: clients have none.",
                Check.of(LOOPBACK, answer -> Outcome.when(answer.status() != 401 && answer.status() != 403, seen(answer)))),
            new Check("registration-loopback", "A native client with a loopback redirect URI is registered", "RFC 8252 §7.3; " + RESPONSE, Breaks.REGISTERING,
                "Take http://127.0.0.1 and http://localhost redirect URIs of public clients.",
                Check.of(LOOPBACK, answer -> answer.status() == 401 || answer.status() == 403 ? Check.NOT_REACHED : taken(answer))),
            new Check("registration-status", "The answer to a registration is 201", RESPONSE, Breaks.NONE, "Answer 201.",
                registered((answer, body) -> Outcome.when(answer.status() == 201, answer.summary()))),
            new Check("registration-client-id", "The answer has a client_id", RESPONSE, Breaks.REGISTERING, "Add \"client_id\" to the answer.",
                registered((answer, body) -> Outcome.when(Evidence.text(body, "client_id").isPresent(), "members " + body.fieldNames()))),
            new Check("registration-redirect-uris", "The answer has the redirect URIs that were registered", RESPONSE, Set.of("typescript-sdk", "inspector", "mcp-remote"),
                "Answer with all registered metadata, \"redirect_uris\" included.",
                registered((answer, body) -> Outcome.when(Evidence.texts(body, "redirect_uris").anyMatch(AuthorizationWalk.REDIRECT_URI::equals),
                    "redirect_uris is " + body.getValue("redirect_uris")))),
            new Check("registration-public", "A client that asks for no secret stays public", "RFC 7591 §2, token_endpoint_auth_method", Set.of("codex", "vscode"),
                "Register the method none where the client asks for it.",
                registered((answer, body) -> Outcome.when("none".equals(body.getString("token_endpoint_auth_method", "none")),
                    "token_endpoint_auth_method is " + body.getValue("token_endpoint_auth_method")))),
            new Check("registration-grant-types", "The client keeps the grant types that it asks for", "RFC 7591 §2, grant_types", Breaks.NONE,
                "Register authorization_code and refresh_token: without the second users log in again and again.",
                registered((answer, body) -> Outcome.when(body.getValue("grant_types") == null || Evidence.texts(body, "grant_types").toList()
                    .containsAll(List.of("authorization_code", "refresh_token")), "grant_types is " + body.getValue("grant_types")))),
            new Check("registration-secret-expiry", "A client_secret comes with client_secret_expires_at", RESPONSE + ": required", Breaks.NONE,
                "Add \"client_secret_expires_at\", 0 for never.",
                registered((answer, body) -> body.getValue("client_secret") == null ? Outcome.skipped("no secret")
                    : Outcome.when(body.getValue("client_secret_expires_at") instanceof Number, "client_secret_expires_at is " + body.getValue("client_secret_expires_at")))),
            new Check("registration-bad-redirect", "A javascript: redirect URI is refused", "RFC 9700 §4.1; RFC 7591 §5", Breaks.NONE,
                "Take only https, loopback http and private-use schemes with a host or dot as redirect URIs.",
                Check.of(Step.REGISTRATION_BAD_REDIRECT, answer -> Outcome.when(answer.status() / 100 != 2, answer.summary())))));
        ClientProfile.ALL.stream().filter(client -> client.registration() != null).map(RegistrationChecks::ofClient).forEach(checks::add);
        return List.copyOf(checks);
    }

    private static Check ofClient(ClientProfile client) {
        return new Check("registration-" + client.id(), client.name() + " registers", "RFC 7591 §3.1", Set.of(client.id()),
            "Take the registration of this client: " + String.join(", ", Evidence.texts(client.registration(), "redirect_uris").toList()) + ".",
            Check.of(Step.REGISTRATION + client.id(), RegistrationChecks::taken));
    }

    private static Outcome taken(Exchange answer) {
        return answer.status() == TOO_MANY_REQUESTS ? Outcome.skipped("the server limits registrations; try again later")
            : Outcome.when(answer.status() / 100 == 2, seen(answer));
    }

    private interface Registered {
        Outcome apply(Exchange answer, JsonObject body);
    }

    private static Function<Evidence, Outcome> registered(Registered rule) {
        return Check.of(LOOPBACK, answer -> answer.status() / 100 == 2 ? rule.apply(answer, answer.json().orElseGet(JsonObject::new)) : Check.NOT_REACHED);
    }

    static String seen(Exchange answer) {
        JsonObject body = answer.json().orElseGet(JsonObject::new);
        String error = String.join(": ", Stream.of("error", "error_description").flatMap(name -> Evidence.text(body, name).stream()).toList());
        return answer.summary() + (error.isEmpty() ? "" : ", " + error);
    }
}
