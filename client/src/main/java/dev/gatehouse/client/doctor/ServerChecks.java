package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Authorization server metadata, in every place. */
final class ServerChecks {

    private static final String MEMBERS = "RFC 8414 §2";
    private static final List<String> ENDPOINTS = List.of("authorization_endpoint", "token_endpoint", "registration_endpoint", "jwks_uri",
        "revocation_endpoint", "introspection_endpoint", "device_authorization_endpoint");
    /** The members that must agree between the documents of OAuth and of OpenID Connect. */
    private static final List<String> COMMON = List.of("issuer", "authorization_endpoint", "token_endpoint");

    static final List<Check> ALL = List.of(
        new Check("server-metadata-found", "Authorization server metadata is found", "MCP 2025-11-25, authorization server metadata discovery; RFC 8414 §3",
            Breaks.ALL, "Serve the document at /.well-known/oauth-authorization-server, with the path of the issuer after it.",
            evidence -> evidence.all(Step.SERVER_METADATA).isEmpty() ? Check.NOT_REACHED : Outcome.when(evidence.serverMetadata().isPresent(),
                String.join("; ", evidence.all(Step.SERVER_METADATA).stream().map(Exchange::summary).toList()))),
        new Check("server-metadata-json", "The document is JSON", "RFC 8414 §3.2", Breaks.ALL, "Route /.well-known/ to the authorization server: a page for unknown paths answers instead.",
            ResourceChecks.none(Step.SERVER_METADATA, answer -> answer.status() == 200 && answer.json().isEmpty())),
        new Check("server-metadata-type", "The document's media type is application/json", "RFC 8414 §3.2", Breaks.NONE, "Send Content-Type: application/json.",
            ResourceChecks.none(Step.SERVER_METADATA, answer -> answer.document().isPresent() && !answer.mediaType().equals("application/json"))),
        new Check("server-metadata-direct", "The document is not behind a redirect or a login", "RFC 8414 §3.2: status 200", Breaks.ALL,
            "Serve the document itself, without authentication.",
            ResourceChecks.none(Step.SERVER_METADATA, answer -> answer.status() / 100 == 3 || answer.status() == 401 || answer.status() == 403)),
        new Check("server-metadata-no-error", "No place of the document is a server error", "RFC 8414 §3.2", Set.of("typescript-sdk", "python-sdk", "inspector", "mcp-remote"),
            "Answer 404 where there is no document: clients stop their search at a server error.",
            ResourceChecks.none(Step.SERVER_METADATA, answer -> answer.status() >= 500)),
        new Check("server-metadata-same", "All places agree on issuer and endpoints", MEMBERS, Breaks.NONE, "Serve the same values in both documents.", ServerChecks::same),
        new Check("issuer-present", "The document has an issuer", MEMBERS, Breaks.except("codex"), "Add \"issuer\".",
            document((evidence, document) -> Outcome.when(Evidence.text(document, "issuer").isPresent(), "issuer is " + document.getValue("issuer")))),
        new Check("issuer-trailing-slash", "The issuer ends as the identifier in the resource metadata ends", "RFC 8414 §3.3: identical", Set.of("python-sdk"),
            "Write the issuer with the same end in both documents: with or without a slash.",
            issuer((expected, actual) -> Outcome.when(expected.equals(actual) || !slash(expected).equals(slash(actual)), "\"" + actual + "\" for \"" + expected + "\""))),
        new Check("issuer-matches", "The issuer is the identifier in the resource metadata", "RFC 8414 §3.3: identical", Set.of("python-sdk"),
            "Write the same issuer in both documents. Behind a proxy configure the public URL instead of taking it from the request.",
            issuer((expected, actual) -> Outcome.when(slash(expected).equals(slash(actual)), "\"" + actual + "\" for \"" + expected + "\""))),
        new Check("authorization-endpoint", "The document has an authorization_endpoint", MEMBERS, Breaks.ALL, "Add \"authorization_endpoint\".", has("authorization_endpoint")),
        new Check("token-endpoint", "The document has a token_endpoint", MEMBERS, Breaks.ALL, "Add \"token_endpoint\".", has("token_endpoint")),
        new Check("endpoint-urls", "Endpoints are absolute https URLs, or http of this machine", "MCP 2025-11-25, communication security; OAuth 2.1 §1.5", Breaks.ALL,
            "Write whole URLs with https.", document((evidence, document) -> {
                List<String> wrong = endpoints(document).filter(url -> ChallengeChecks.url(url).filter(parsed -> parsed.getScheme().equals("https")
                    || SecureUrl.isLoopback(parsed)).isEmpty()).toList();
                return Outcome.when(wrong.isEmpty(), wrong.toString());
            })),
        new Check("endpoint-hosts", "No endpoint of a public server is on a loopback address", MEMBERS, Breaks.ALL,
            "Configure the public URL: the server takes its own address from the request that its proxy sends.",
            document((evidence, document) -> {
                boolean isPublic = evidence.serverMetadata().map(found -> URI.create(found.url())).filter(url -> !SecureUrl.isLoopback(url)).isPresent();
                List<String> local = endpoints(document).filter(url -> ChallengeChecks.url(url).filter(SecureUrl::isLoopback).isPresent()).toList();
                return Outcome.when(!isPublic || local.isEmpty(), local.toString());
            })),
        new Check("response-types", "response_types_supported has code", MEMBERS + ": required", Breaks.except("gemini-cli", "codex"),
            "Add \"response_types_supported\": [\"code\"].", lists("response_types_supported", "code", false)),
        new Check("pkce", "code_challenge_methods_supported has S256", "MCP 2025-11-25, authorization code protection: clients must refuse otherwise", Breaks.except("gemini-cli", "codex"),
            "Verify S256 challenges and add \"code_challenge_methods_supported\": [\"S256\"].", lists("code_challenge_methods_supported", "S256", false)),
        new Check("grant-types", "grant_types_supported has authorization_code", MEMBERS, Breaks.ALL, "Add \"authorization_code\", or leave the member out.",
            lists("grant_types_supported", "authorization_code", true)),
        new Check("public-clients", "token_endpoint_auth_methods_supported has none", "OAuth 2.1 §2.1; default of RFC 8414 §2 is client_secret_basic", Breaks.NONE,
            "Take public clients with PKCE and add \"none\": clients on users' machines keep no secret.",
            lists("token_endpoint_auth_methods_supported", "none", false)),
        new Check("registration-offered", "Clients can register by a metadata document or dynamically", "MCP 2025-11-25, client registration approaches", Breaks.REGISTERING,
            "Offer client ID metadata documents or a registration_endpoint; else users have to type a client identifier, where their client lets them.",
            document((evidence, document) -> Outcome.when(Evidence.text(document, "registration_endpoint").isPresent()
                || Boolean.TRUE.equals(document.getValue("client_id_metadata_document_supported")), "neither registration_endpoint nor client_id_metadata_document_supported"))),
        new Check("metadata-documents-flag", "client_id_metadata_document_supported is a boolean", "MCP 2025-11-25, client ID metadata documents",
            Breaks.NONE, "Write true, not \"true\".",
            document((evidence, document) -> {
                Object flag = document.getValue("client_id_metadata_document_supported");
                return flag == null ? Outcome.skipped("not offered") : Outcome.when(flag instanceof Boolean, "it is " + flag + ", a " + flag.getClass().getSimpleName());
            })),
        new Check("keys", "jwks_uri has keys", "RFC 7517 §5", Breaks.NONE, "Serve the key set at jwks_uri.",
            Check.of(Step.KEYS, answer -> Outcome.when(answer.document().filter(set -> set.getValue("keys") instanceof JsonArray keys && !keys.isEmpty()).isPresent(),
                answer.summary()))));

    private ServerChecks() {
    }

    private static Function<Evidence, Outcome> document(BiFunction<Evidence, JsonObject, Outcome> rule) {
        return evidence -> evidence.authorizationServer().map(document -> rule.apply(evidence, document)).orElse(Check.NOT_REACHED);
    }

    private static Function<Evidence, Outcome> has(String member) {
        return document((evidence, document) -> Outcome.when(Evidence.text(document, member).isPresent(), member + " is " + document.getValue(member)));
    }

    private static Function<Evidence, Outcome> lists(String member, String value, boolean optional) {
        return document((evidence, document) -> Outcome.when(optional && document.getValue(member) == null
            || Evidence.texts(document, member).anyMatch(value::equals), member + " is " + document.getValue(member)));
    }

    private static Function<Evidence, Outcome> issuer(BiFunction<String, String, Outcome> rule) {
        return document((evidence, document) -> {
            String expected = evidence.issuer().orElse(SecureUrl.origin(evidence.server()));
            return Evidence.text(document, "issuer").map(actual -> rule.apply(expected, actual)).orElse(Check.NOT_REACHED);
        });
    }

    private static String slash(String issuer) {
        return issuer.endsWith("/") ? issuer : issuer + "/";
    }

    private static Stream<String> endpoints(JsonObject document) {
        return ENDPOINTS.stream().map(name -> Evidence.text(document, name)).flatMap(Optional::stream);
    }

    private static Outcome same(Evidence evidence) {
        List<JsonObject> documents = evidence.all(Step.SERVER_METADATA).stream().map(Exchange::document).flatMap(Optional::stream).toList();
        List<String> differing = COMMON.stream().filter(name -> documents.stream().map(document -> Optional.ofNullable(document.getValue(name))).distinct().count() > 1).toList();
        return documents.size() < 2 ? Outcome.skipped("one document") : Outcome.when(differing.isEmpty(), "the documents differ in " + differing);
    }
}
