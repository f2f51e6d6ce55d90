package dev.gatehouse.authz.registration;

import dev.gatehouse.authz.authorize.RedirectUris;
import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientMetadata;
import dev.gatehouse.authz.store.ClientPolicy;
import dev.gatehouse.authz.store.GrantType;
import dev.gatehouse.authz.store.RegistrationKind;
import dev.gatehouse.shared.fetch.FetchException;
import dev.gatehouse.shared.fetch.FetchUrl;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a client's metadata document has to be like (draft-ietf-oauth-client-id-metadata-document §4, RFC 7591 §2), and the
 * client that it makes. Every redirect URI and every URL that could ever be fetched has to pass, not only the one in use.
 */
final class DocumentRules {

    private static final int LONGEST_NAME = 200;
    private static final int MOST_REDIRECT_URIS = 50;
    /** Fetched by somebody some day, or shown as an image. */
    private static final List<String> FETCHED = List.of("jwks_uri", "sector_identifier_uri", "logo_uri");
    /** Links for people. One that we would not show does not speak against the client. */
    private static final List<String> LINKS = List.of("client_uri", "tos_uri", "policy_uri");
    private static final List<String> TEXTS = List.of("software_id", "software_version", "application_type");
    private static final List<String> SWITCHES = List.of("dpop_bound_access_tokens", "require_pushed_authorization_requests");

    private final List<String> scopes;
    /** Those in which a person takes part: a client that describes itself does not act in its own name. */
    private final Set<String> grants;
    private final boolean loopbackAllowed;

    /** @param scopes all that this server has. @param grants wire names of those that such clients may have */
    DocumentRules(List<String> scopes, Collection<String> grants, boolean loopbackAllowed) {
        this.scopes = List.copyOf(scopes);
        this.grants = grants.stream().filter(grant -> GrantType.named(grant).orElseThrow().isForPublicClients())
            .collect(Collectors.toUnmodifiableSet());
        this.loopbackAllowed = loopbackAllowed;
    }

    /**
     * Reads a document.
     *
     * @param url where it was fetched from, which is the client's identifier
     * @param now epoch milliseconds
     * @throws InvalidDocumentException that says which rule it breaks
     */
    Client read(String url, Buffer body, long now) {
        DocumentMembers document = DocumentMembers.parse(body);
        if (!url.equals(document.text("client_id"))) {
            throw new InvalidDocumentException("its client_id is not, byte by byte, the URL that it was fetched from");
        }
        if (document.has("client_secret") || document.has("client_secret_expires_at")) {
            throw new InvalidDocumentException("it holds a client_secret");
        }
        return new Client(url, name(document), List.of(), DocumentKeys.methods(document), redirectUris(document),
            grantTypes(document), scopes(document), List.of(), now, RegistrationKind.METADATA_DOCUMENT,
            metadata(document), ClientPolicy.DEFAULT);
    }

    private static String name(DocumentMembers document) {
        String name = document.text("client_name");
        if (name == null || name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidDocumentException("client_name has to be a text of 1 to " + LONGEST_NAME + " characters");
        }
        return name.strip();
    }

    private static List<String> redirectUris(DocumentMembers document) {
        List<String> uris = document.texts("redirect_uris");
        if (uris.isEmpty() || uris.size() > MOST_REDIRECT_URIS) {
            throw new InvalidDocumentException("redirect_uris has to be a list of 1 to " + MOST_REDIRECT_URIS + " URIs");
        }
        uris.forEach(uri -> requireRedirectUri("redirect_uris", uri));
        return uris;
    }

    private static void requireRedirectUri(String member, String uri) {
        if (uri.equals(RedirectUris.OUT_OF_BAND)) {
            throw new InvalidDocumentException(member + " holds an address for codes to be copied from, which is not for such clients");
        }
        RedirectUris.refusal(uri).ifPresent(refusal -> {
            throw new InvalidDocumentException(member + " holds one that cannot be registered. " + refusal);
        });
    }

    /** With refresh tokens where nothing is said: hardly a document names the grant that its client cannot do without. */
    private Set<String> grantTypes(DocumentMembers document) {
        if (document.has("response_types") && !document.texts("response_types").contains("code")) {
            throw new InvalidDocumentException("its response_types lack code");
        }
        if (!document.has("grant_types")) {
            return GrantType.USUAL;
        }
        Set<String> known = new LinkedHashSet<>(document.texts("grant_types"));
        known.retainAll(grants);
        if (known.isEmpty() || known.equals(Set.of(GrantType.REFRESH_TOKEN.wireName()))) {
            throw new InvalidDocumentException("its grant_types hold none that such a client may use: authorization_code");
        }
        return known;
    }

    private Scopes scopes(DocumentMembers document) {
        String asked = document.text("scope");
        try {
            return asked == null || asked.isBlank() ? new Scopes(new LinkedHashSet<>(scopes)) : Scopes.parse(asked).intersect(scopes);
        } catch (OAuthException e) {
            throw new InvalidDocumentException("its scope holds a character that no scope may hold");
        }
    }

    private ClientMetadata metadata(DocumentMembers document) {
        ClientMetadata metadata = ClientMetadata.NONE.with("jwks", DocumentKeys.jwks(document))
            .with("token_endpoint_auth_signing_alg", DocumentKeys.algorithm(document));
        for (String name : FETCHED) {
            metadata = metadata.with(name, requireFetchable(name, document.text(name)));
        }
        for (String name : LINKS) {
            String link = document.text(name);
            metadata = metadata.with(name, isFetchable(link) ? link : null);
        }
        for (String name : TEXTS) {
            metadata = metadata.with(name, document.text(name));
        }
        for (String name : SWITCHES) {
            metadata = metadata.with(name, document.isTrue(name) ? true : null);
        }
        List<String> afterLogout = document.texts("post_logout_redirect_uris");
        afterLogout.forEach(uri -> requireRedirectUri("post_logout_redirect_uris", uri));
        return metadata.with("post_logout_redirect_uris", afterLogout.isEmpty() ? null : new JsonArray(afterLogout));
    }

    private String requireFetchable(String name, String url) {
        if (url != null && !isFetchable(url)) {
            throw new InvalidDocumentException(name + " is not a public https URL");
        }
        return url;
    }

    private boolean isFetchable(String url) {
        try {
            return url != null && FetchUrl.parse(url, loopbackAllowed).port() > 0;
        } catch (FetchException refusal) {
            return false;
        }
    }
}
