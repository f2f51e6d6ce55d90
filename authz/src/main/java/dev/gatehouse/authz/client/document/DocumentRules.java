package dev.gatehouse.authz.client.document;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.RegistrationRules;
import dev.gatehouse.authz.client.RegistrationRules.Bounds;
import dev.gatehouse.authz.client.RegistrationRules.Registrable;
import dev.gatehouse.authz.client.RegistrationRules.ScopeRule;
import dev.gatehouse.authz.client.RequestedMetadata;
import dev.gatehouse.authz.client.RequestedMetadata.Omission;
import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Validates client ID metadata documents. This class checks only the rules of draft-ietf-oauth-client-id-metadata-document §4;
 * the {@link RegistrationRules} check everything else.
 */
public final class DocumentRules {

    private static final Set<ClientAuthMethod> METHODS = Set.of(ClientAuthMethod.NONE, ClientAuthMethod.PRIVATE_KEY_JWT);

    private final RegistrationRules rules;

    /** A client and the ignored members of its document, with the reasons. */
    record Described(Client client, List<Omission> omissions) {
    }

    /**
     * @param scopes all scopes of this server
     * @param grants the wire names of the allowed grants; grants without a user are left out, because such a client must not
     *     act on its own behalf
     */
    public DocumentRules(List<String> scopes, Collection<String> grants, boolean loopbackAllowed, Set<String> redirectSchemes) {
        Set<String> withPerson = grants.stream().filter(grant -> GrantType.named(grant).orElseThrow().isForPublicClients())
            .collect(Collectors.toUnmodifiableSet());
        rules = new RegistrationRules(new Bounds(METHODS, Set.of(ClientAuthMethod.NONE), true, withPerson, GrantType.USUAL, scopes,
            ScopeRule.NAMED_OR_ALL, loopbackAllowed, redirectSchemes, false, null));
    }

    /**
     * Validates a document.
     *
     * @param url the URL of the document, which is the client identifier
     * @param now epoch milliseconds
     * @throws OAuthException {@code invalid_client}; the description names the rule
     */
    Described read(String url, Buffer body, long now) {
        JsonObject document = parse(body);
        if (!url.equals(document.getValue("client_id"))) {
            throw invalid("its client_id is not exactly the URL of the document");
        }
        if (document.getValue("client_secret") != null || document.getValue("client_secret_expires_at") != null) {
            throw invalid("it contains a client_secret");
        }
        Object name = document.getValue("client_name");
        if (name == null || name instanceof String text && text.isBlank()) {
            throw invalid("client_name is missing");
        }
        RequestedMetadata sent = RequestedMetadata.of(document);
        if (sent.authMethods().stream().anyMatch(method -> method.startsWith("client_secret"))) {
            throw invalid("it has an authentication method with a secret");
        }
        return described(url, sent, now);
    }

    private Described described(String url, RequestedMetadata sent, long now) {
        try {
            Registrable registrable = rules.check(sent);
            return new Described(registrable.description()
                .client(url, URI.create(url).getHost(), List.of(), List.of(), now, RegistrationKind.METADATA_DOCUMENT), registrable.omissions());
        } catch (OAuthException refusal) {
            throw invalid(refusal.description());
        }
    }

    private static JsonObject parse(Buffer body) {
        try {
            return StrictJson.object(body.getBytes());
        } catch (MalformedJson e) {
            throw invalid("it is not one JSON object without duplicate members");
        }
    }

    private static OAuthException invalid(String rule) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT, "The metadata document of this client is not valid: " + rule);
    }
}
