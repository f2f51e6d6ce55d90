package dev.gatehouse.client.doctor;

import dev.gatehouse.client.oauth.Challenge;
import dev.gatehouse.client.oauth.MetadataPlaces;
import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.oauth.UrlSpelling;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Follows the discovery of one client, in its order and with its comparisons, over what was recorded. Pure. */
final class ClientDiscovery {

    static final String OTHER_PLACE = "serverMetadata.other";

    private final ClientProfile client;
    private final Evidence evidence;
    private final List<String> visited = new ArrayList<>();

    private ClientDiscovery(ClientProfile client, Evidence evidence) {
        this.client = client;
        this.evidence = evidence;
    }

    /** The check of one client: it finds an authorization server that it accepts. */
    static Check check(ClientProfile client) {
        return new Check("discovery-" + client.id(), client.name() + " finds the authorization server", "MCP 2025-11-25, authorization server discovery",
            Set.of(client.id()), "Serve the documents in the places named here, with the values that this client compares.",
            evidence -> new ClientDiscovery(client, evidence).outcome());
    }

    /** The places of authorization server metadata in which a client looks. */
    static List<String> serverPlaces(ClientProfile client, URI server, String issuer) {
        URI base = client.serverPlacesOf().equals("resource") ? server : URI.create(issuer);
        return client.serverPlaces().stream().map(place -> place.of(base)).distinct().toList();
    }

    private Outcome outcome() {
        if (client.serverPlaces().isEmpty() || !evidence.needsToken() || evidence.first(Step.RESOURCE_METADATA).isEmpty()) {
            return evidence.needsToken() ? Outcome.skipped("no discovery of its own, or not reached") : Outcome.skipped("the server needs no token");
        }
        String issuer = evidence.issuer().orElse(null);
        if (client.serverPlacesOf().equals("issuer")) {
            Optional<JsonObject> resource = resource();
            if (resource.isEmpty()) {
                return Outcome.failed("no protected resource metadata: " + String.join("; ", visited));
            }
            String named = Evidence.text(resource.get(), "resource").orElse("");
            if (!accepts(named)) {
                return Outcome.failed("it refuses the resource \"" + named + "\" for " + evidence.server());
            }
            issuer = Evidence.texts(resource.get(), "authorization_servers").findFirst().orElse(null);
            if (issuer == null) {
                return Outcome.failed("the document names no authorization server");
            }
        }
        return server(issuer);
    }

    private Outcome server(String issuer) {
        Optional<JsonObject> document;
        try {
            document = first(serverPlaces(client, evidence.server(), issuer == null ? evidence.server().toString() : issuer).stream());
        } catch (IllegalArgumentException notAUrl) {
            return Outcome.failed("the authorization server \"" + issuer + "\" is not a URL");
        }
        if (document.isEmpty()) {
            return Outcome.failed("no authorization server metadata: " + String.join("; ", visited));
        }
        String named = Evidence.text(document.get(), "issuer").orElse("");
        if (client.issuerMatch() && !named.equals(issuer)) {
            return Outcome.failed("it refuses the issuer \"" + named + "\" for " + issuer);
        }
        return Outcome.when(Evidence.text(document.get(), "authorization_endpoint").isPresent() && Evidence.text(document.get(), "token_endpoint").isPresent(),
            "the document lacks authorization_endpoint or token_endpoint");
    }

    private Optional<JsonObject> resource() {
        List<String> wellKnown = MetadataPlaces.ofResource(evidence.server(), Optional.empty());
        Optional<String> challenged = evidence.challenge().flatMap(Challenge::resourceMetadata).filter(url -> !client.quotedChallenge()
            || evidence.first(Step.ANONYMOUS).filter(answer -> answer.header("www-authenticate").contains("resource_metadata=\"")).isPresent());
        return first(client.resourcePlaces().stream().flatMap(place -> switch (place) {
            case "challenge" -> challenged.stream();
            case "inserted" -> Stream.of(wellKnown.get(0));
            default -> Stream.of(wellKnown.get(wellKnown.size() - 1));
        }).distinct());
    }

    private Optional<JsonObject> first(Stream<String> places) {
        for (String place : places.toList()) {
            Optional<Exchange> looked = evidence.exchanges().stream().filter(each -> each.url().equals(place) && (each.step().equals(Step.RESOURCE_METADATA)
                || each.step().equals(Step.SERVER_METADATA) || each.step().equals(OTHER_PLACE))).findFirst();
            visited.add(looked.map(Exchange::summary).orElse("GET " + place + ": not asked"));
            Optional<JsonObject> document = looked.flatMap(Exchange::document);
            if (document.isPresent()) {
                return document;
            }
        }
        return Optional.empty();
    }

    private boolean accepts(String resource) {
        String server = evidence.server().toString();
        return switch (client.resourceMatch()) {
            case "exact" -> resource.equals(server);
            case "normalized" -> UrlSpelling.areSame(resource, server);
            case "parent" -> UrlSpelling.areSame(resource, server) || server.startsWith(resource.endsWith("/") ? resource : resource + "/");
            default -> true;
        };
    }
}
