package dev.gatehouse.client.doctor;

import dev.gatehouse.client.oauth.Challenge;
import dev.gatehouse.client.oauth.MetadataPlaces;
import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.oauth.UrlSpelling;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** Protected resource metadata, in every place. */
final class ResourceChecks {

    private static final String VALIDATION = "RFC 9728 §3.3";
    private static final String MEMBERS = "RFC 9728 §2";

    static final List<Check> ALL = List.of(
        new Check("resource-metadata-found", "Protected resource metadata is found", "MCP 2025-11-25, authorization server location; RFC 9728 §3", Breaks.RESOURCE_METADATA,
            "Serve the document at /.well-known/oauth-protected-resource followed by the path of the MCP endpoint.",
            evidence -> evidence.all(Step.RESOURCE_METADATA).isEmpty() || !evidence.needsToken() ? Check.NOT_REACHED
                : Outcome.when(evidence.resource().isPresent(), summaries(evidence.all(Step.RESOURCE_METADATA)))),
        new Check("resource-metadata-challenged", "The challenged URL has the document", "RFC 9728 §5.2", Breaks.RESOURCE_METADATA,
            "Serve the document at the URL that resource_metadata names, or name the URL that has it.",
            place(evidence -> evidence.challenge().flatMap(Challenge::resourceMetadata))),
        new Check("resource-metadata-inserted", "The well-known URL with the path of the endpoint has the document", "RFC 9728 §3.1",
            Set.of("gemini-cli"), "Serve the document at /.well-known/oauth-protected-resource followed by the path; a proxy may have to route it.",
            place(evidence -> Optional.of(wellKnown(evidence).get(0)))),
        new Check("resource-metadata-public", "The document needs no login", "RFC 9728 §3", Breaks.RESOURCE_METADATA,
            "Exempt /.well-known/ from authentication, in the server and in the proxy.",
            none(Step.RESOURCE_METADATA, answer -> answer.status() == 401 || answer.status() == 403)),
        new Check("resource-metadata-direct", "The document is not behind a redirect", "RFC 9728 §3.2: status 200", Set.of("inspector"),
            "Serve the document itself at this URL.", none(Step.RESOURCE_METADATA, answer -> answer.status() / 100 == 3)),
        new Check("resource-metadata-json", "The document is JSON", "RFC 9728 §3.2", Breaks.RESOURCE_METADATA,
            "Route /.well-known/ to the server: a page for unknown paths answers instead.",
            none(Step.RESOURCE_METADATA, answer -> answer.status() == 200 && answer.json().isEmpty())),
        new Check("resource-metadata-type", "The document's media type is application/json", "RFC 9728 §3.2", Breaks.NONE,
            "Send Content-Type: application/json.",
            none(Step.RESOURCE_METADATA, answer -> answer.document().isPresent() && !answer.mediaType().equals("application/json"))),
        new Check("resource-metadata-same", "All places have the same document", "RFC 9728 §3.1", Breaks.NONE,
            "Serve one document for one resource in all places.", ResourceChecks::same),
        new Check("resource-identifier", "The document has a resource", MEMBERS, Breaks.RESOURCE_METADATA, "Add \"resource\" with the URL of the MCP endpoint.",
            document((evidence, document) -> Outcome.when(Evidence.text(document, "resource").isPresent(), "resource is " + document.getValue("resource")))),
        new Check("resource-trailing-slash", "The resource ends as the URL of the endpoint ends", VALIDATION, Set.of("gemini-cli", "vscode"),
            "Write \"resource\" exactly as users type the URL: with or without the slash at the end.",
            named((evidence, resource) -> Outcome.when(resource.equals(evidence.server().toString()) || !withoutSlash(resource).equals(withoutSlash(evidence.server().toString()))
                || UrlSpelling.areSame(resource, evidence.server().toString()), resource + " for " + evidence.server()))),
        new Check("resource-matches", "The resource is the URL of the endpoint", VALIDATION, Set.of("gemini-cli", "vscode"),
            "Write the public URL of the MCP endpoint; configure it where a proxy hides it from the server.",
            named((evidence, resource) -> Outcome.when(withoutSlash(resource).equals(withoutSlash(evidence.server().toString())), resource + " for " + evidence.server()))),
        new Check("resource-origin", "The resource has the origin of the endpoint", VALIDATION, Breaks.except("codex", "chatgpt", "claude-web", "claude-code", "cursor"),
            "Write the public scheme, host and port; configure them where a proxy hides them from the server.",
            named((evidence, resource) -> Outcome.when(ChallengeChecks.url(resource).filter(url -> url.getScheme().equals(evidence.server().getScheme())
                && url.getAuthority().equalsIgnoreCase(evidence.server().getAuthority())).isPresent(), resource + " for " + evidence.server()))),
        new Check("authorization-servers-list", "authorization_servers is a list of identifiers", MEMBERS + "; MCP 2025-11-25: at least one", Breaks.RESOURCE_METADATA,
            "Add \"authorization_servers\": [\"ISSUER\"], a list even of one.",
            document((evidence, document) -> Outcome.when(Evidence.texts(document, "authorization_servers").findAny().isPresent(),
                "authorization_servers is " + document.getValue("authorization_servers")))),
        new Check("authorization-server-url", "Each identifier is an https URL without query and fragment", "RFC 8414 §2", Breaks.RESOURCE_METADATA,
            "Write the issuer of the authorization server, a URL.",
            document((evidence, document) -> {
                List<String> wrong = Evidence.texts(document, "authorization_servers").filter(issuer -> !UrlSpelling.isServer(issuer)).toList();
                return Outcome.when(wrong.isEmpty(), wrong + " is no issuer");
            })),
        new Check("bearer-methods", "Tokens are taken in the header", MEMBERS + "; MCP 2025-11-25, access token usage", Breaks.ALL,
            "List \"header\" in bearer_methods_supported, or leave the member out.",
            document((evidence, document) -> Outcome.when(document.getValue("bearer_methods_supported") == null
                || Evidence.texts(document, "bearer_methods_supported").anyMatch("header"::equals), "bearer_methods_supported is " + document.getValue("bearer_methods_supported")))),
        new Check("scopes-list", "scopes_supported is a list of scopes", MEMBERS, Set.of("vscode", "typescript-sdk", "inspector", "mcp-remote", "python-sdk"),
            "Write a list of texts, one for each scope.",
            document((evidence, document) -> {
                Object scopes = document.getValue("scopes_supported");
                return Outcome.when(scopes == null || scopes instanceof JsonArray list && list.stream().allMatch(scope -> scope instanceof String text
                    && !text.isEmpty() && !text.contains(" ")), "scopes_supported is " + scopes);
            })));

    private ResourceChecks() {
    }

    private static List<String> wellKnown(Evidence evidence) {
        return MetadataPlaces.ofResource(evidence.server(), Optional.empty());
    }

    private static String summaries(List<Exchange> exchanges) {
        return String.join("; ", exchanges.stream().map(Exchange::summary).toList());
    }

    private static Function<Evidence, Outcome> place(Function<Evidence, Optional<String>> place) {
        return evidence -> !evidence.needsToken() ? Check.NOT_REACHED : place.apply(evidence).flatMap(url -> evidence.at(Step.RESOURCE_METADATA, url))
            .map(answer -> Outcome.when(answer.document().isPresent(), answer.summary() + (answer.status() == 200 ? ", not a JSON object" : "")))
            .orElse(Check.NOT_REACHED);
    }

    /** Passes when no exchange of a step is of a kind. */
    static Function<Evidence, Outcome> none(String step, Predicate<Exchange> kind) {
        return evidence -> evidence.all(step).isEmpty() ? Check.NOT_REACHED
            : evidence.all(step).stream().filter(kind).findFirst().map(answer -> Outcome.failed(answer.summary())).orElse(Outcome.PASSED);
    }

    private static Outcome same(Evidence evidence) {
        Optional<Object> resource = evidence.resource().map(document -> document.getValue("resource"));
        // A host has documents of other resources too, such as that of the origin in the place without a path.
        List<Exchange> own = evidence.all(Step.RESOURCE_METADATA).stream()
            .filter(answer -> answer.document().isPresent() && answer.document().map(document -> document.getValue("resource")).equals(resource)).toList();
        long different = own.stream().map(Exchange::document).distinct().count();
        return own.isEmpty() ? Check.NOT_REACHED : Outcome.when(different == 1, different + " different documents in " + own.stream().map(Exchange::url).toList());
    }

    private static Function<Evidence, Outcome> document(BiFunction<Evidence, JsonObject, Outcome> rule) {
        return evidence -> evidence.resource().map(document -> rule.apply(evidence, document)).orElse(Check.NOT_REACHED);
    }

    private static Function<Evidence, Outcome> named(BiFunction<Evidence, String, Outcome> rule) {
        return document((evidence, document) -> Evidence.text(document, "resource").map(resource -> rule.apply(evidence, resource)).orElse(Check.NOT_REACHED));
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
