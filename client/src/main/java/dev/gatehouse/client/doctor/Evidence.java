package dev.gatehouse.client.doctor;

import dev.gatehouse.client.oauth.Challenge;
import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that a walk recorded at one server.
 *
 * @param server URL of the MCP server, as the user named it
 */
public record Evidence(URI server, List<Exchange> exchanges) {

    public Evidence {
        exchanges = List.copyOf(exchanges);
    }

    Optional<Exchange> first(String step) {
        return exchanges.stream().filter(each -> each.step().equals(step)).findFirst();
    }

    List<Exchange> all(String step) {
        return exchanges.stream().filter(each -> each.step().equals(step)).toList();
    }

    /** The request of a step to a URL. */
    Optional<Exchange> at(String step, String url) {
        return exchanges.stream().filter(each -> each.step().equals(step) && each.url().equals(url)).findFirst();
    }

    /** The challenge of the answer to the request without a token. */
    Optional<Challenge> challenge() {
        return first(Step.ANONYMOUS).flatMap(answer -> Challenge.ofOAuth(answer.all("www-authenticate")));
    }

    /** The metadata document that the specification has a client use: the challenged one, else the first in the well-known places. */
    Optional<Exchange> resourceMetadata() {
        return all(Step.RESOURCE_METADATA).stream().filter(each -> each.document().isPresent()).findFirst();
    }

    Optional<JsonObject> resource() {
        return resourceMetadata().flatMap(Exchange::document);
    }

    /** The identifier of the authorization server: the first that the resource names, else the origin of the MCP server (revision 2025-03-26). */
    Optional<String> issuer() {
        return resource().flatMap(document -> texts(document, "authorization_servers").findFirst());
    }

    Optional<Exchange> serverMetadata() {
        return all(Step.SERVER_METADATA).stream().filter(each -> each.document().isPresent()).findFirst();
    }

    Optional<JsonObject> authorizationServer() {
        return serverMetadata().flatMap(Exchange::document);
    }

    Optional<String> endpoint(String name) {
        return authorizationServer().flatMap(document -> text(document, name));
    }

    List<Handshake> handshakes() {
        return all(Step.TLS).stream().map(Handshake::of).toList();
    }

    boolean needsToken() {
        return first(Step.ANONYMOUS).filter(answer -> answer.result().isPresent()).isEmpty();
    }

    static Optional<String> text(JsonObject document, String name) {
        return document.getValue(name) instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }

    static Stream<String> texts(JsonObject document, String name) {
        return document.getValue(name) instanceof JsonArray array ? array.stream().filter(String.class::isInstance).map(String.class::cast) : Stream.of();
    }
}
