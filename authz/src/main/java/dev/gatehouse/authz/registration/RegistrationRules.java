package dev.gatehouse.authz.registration;

import dev.gatehouse.authz.authorize.RedirectUris;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.ClientMetadata;
import dev.gatehouse.authz.store.GrantType;
import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What clients may say when they register themselves (RFC 7591 §2). Wrong metadata is refused; what this server does not
 * know, or lets only operators decide, is left out, and the answer shows what is left.
 */
public final class RegistrationRules {

    private static final int MOST_REDIRECT_URIS = 20;
    private static final String ID_TOKEN_ALGORITHM = "id_token_signed_response_alg";
    private static final int LONGEST_NAME = 200;
    private static final Set<String> APPLICATION_TYPES = Set.of("web", "native");
    private static final Set<String> REMOVED_GRANTS = Set.of("implicit", "password");
    /** RFC 7591 §2 lets the server add to what was asked for. */
    private static final List<String> DEFAULT_GRANTS = List.copyOf(GrantType.USUAL);

    private final Set<ClientAuthMethod> methods;
    private final Set<String> grants;
    private final Set<String> allowedGrants;
    private final List<String> scopes;
    private final String idTokenAlgorithm;

    /**
     * @param methods every one that this server knows
     * @param grants wire names of all that this server knows
     * @param allowedGrants those that a client may give itself
     * @param scopes those that a client may give itself
     * @param idTokenAlgorithm by which ID tokens are signed here, whatever a client would like
     */
    public RegistrationRules(Collection<ClientAuthMethod> methods, Collection<String> grants, Collection<String> allowedGrants,
                             List<String> scopes, String idTokenAlgorithm) {
        this.methods = Set.copyOf(methods);
        this.grants = Set.copyOf(grants);
        this.allowedGrants = Set.copyOf(allowedGrants);
        this.scopes = List.copyOf(scopes);
        this.idTokenAlgorithm = idTokenAlgorithm;
    }

    /**
     * Checks a registration request.
     *
     * @throws OAuthException {@code invalid_redirect_uri}, {@code invalid_client_metadata} or
     *     {@code unapproved_software_statement}, each saying which member is wrong and why
     */
    public ClientDescription check(JsonObject sent) {
        if (sent.containsKey("software_statement")) {
            throw new OAuthException(OAuthErrorCode.UNAPPROVED_SOFTWARE_STATEMENT,
                "No issuer of software statements is trusted here; register without one");
        }
        Members members = new Members(sent);
        ClientAuthMethod method = authMethod(members);
        Set<String> granted = grantTypes(members, method);
        List<String> redirectUris = redirectUris(members, granted);
        return new ClientDescription(members.text("client_name", LONGEST_NAME), method, redirectUris, granted, scopes(members),
            told(members, OptionalMembers.check(members, method)));
    }

    /** Who asks for an algorithm is told which one it gets (RFC 7591 §3.2.1 lets the server replace it). */
    private ClientMetadata told(Members members, ClientMetadata kept) {
        return members.text(ID_TOKEN_ALGORITHM) == null ? kept : kept.with(ID_TOKEN_ALGORITHM, idTokenAlgorithm);
    }

    private ClientAuthMethod authMethod(Members members) {
        String sent = members.text("token_endpoint_auth_method");
        if (sent == null) {
            return ClientAuthMethod.CLIENT_SECRET_BASIC;
        }
        return methods.stream().filter(method -> method.wireName().equals(sent)).findFirst().orElseThrow(() ->
            Members.invalid("token_endpoint_auth_method", "is none of " + methods.stream().map(ClientAuthMethod::wireName).sorted().toList()));
    }

    private Set<String> grantTypes(Members members, ClientAuthMethod method) {
        List<String> sent = members.textsOr("grant_types", DEFAULT_GRANTS);
        if (sent.stream().anyMatch(REMOVED_GRANTS::contains)) {
            throw Members.invalid("grant_types", "names a grant that OAuth 2.1 has removed: " + REMOVED_GRANTS.stream().sorted().toList());
        }
        Set<String> granted = new LinkedHashSet<>(sent);
        granted.retainAll(grants);
        granted.retainAll(allowedGrants);
        if (granted.isEmpty() || granted.equals(Set.of(GrantType.REFRESH_TOKEN.wireName()))) {
            throw Members.invalid("grant_types", "names none that clients may give themselves: " + allowedGrants.stream().sorted().toList());
        }
        if (method == ClientAuthMethod.NONE) {
            granted.forEach(RegistrationRules::requireForPublicClients);
        }
        requireCodeResponse(members, granted);
        return granted;
    }

    private static void requireForPublicClients(String grant) {
        if (!GrantType.named(grant).orElseThrow().isForPublicClients()) {
            throw Members.invalid("grant_types", "names " + grant + ", which a client that proves nothing cannot use");
        }
    }

    private static void requireCodeResponse(Members members, Set<String> granted) {
        List<String> responses = members.textsOr("response_types", List.of());
        if (!List.of("code").containsAll(responses)) {
            throw Members.invalid("response_types", "may only be code");
        }
        if (!responses.isEmpty() && !granted.contains(GrantType.AUTHORIZATION_CODE.wireName())) {
            throw Members.invalid("response_types", "is code, which goes with the grant authorization_code");
        }
    }

    private static List<String> redirectUris(Members members, Set<String> granted) {
        List<String> uris = members.textsOr("redirect_uris", List.of());
        if (uris.isEmpty() && granted.contains(GrantType.AUTHORIZATION_CODE.wireName())) {
            throw invalidRedirect("redirect_uris is missing, and the grant authorization_code needs at least one");
        }
        if (uris.size() > MOST_REDIRECT_URIS) {
            throw invalidRedirect("redirect_uris holds more than " + MOST_REDIRECT_URIS);
        }
        if (uris.contains(RedirectUris.OUT_OF_BAND)) {
            throw invalidRedirect("Codes to be copied by hand are not for clients that register themselves");
        }
        uris.forEach(uri -> RedirectUris.refusal(uri).ifPresent(reason -> {
            throw invalidRedirect(reason);
        }));
        requireApplicationType(members, uris);
        return uris.stream().distinct().toList();
    }

    /**
     * OpenID Connect Registration §2 has web as the default, but clients of MCP leave the member out and call back to
     * loopback addresses; so it only counts where it is sent.
     */
    private static void requireApplicationType(Members members, List<String> uris) {
        String type = members.text("application_type");
        if (type != null && !APPLICATION_TYPES.contains(type)) {
            throw Members.invalid("application_type", "is neither web nor native");
        }
        if ("web".equals(type) && uris.stream().anyMatch(uri -> !isWeb(uri))) {
            throw invalidRedirect("application_type is web, so that every redirect URI has to be https and not on the user's own machine;"
                + " register as native, or without application_type");
        }
        if ("native".equals(type) && uris.stream().anyMatch(uri -> uri.startsWith("http://") && !isLoopback(uri))) {
            throw invalidRedirect("application_type is native, so that http is for the user's own machine only");
        }
    }

    private static boolean isWeb(String uri) {
        return uri.startsWith("https://") && !isLoopback(uri);
    }

    private static boolean isLoopback(String uri) {
        String host = URI.create(uri).getHost();
        return host != null && Loopback.isLoopbackHost(host);
    }

    /**
     * All that such clients may ask for, whichever were named (RFC 7591 §2 lets the server replace them): many clients
     * register with the scope of the first challenge that they met, and could never step up from it. What they get is
     * what they ask for then and a person allows.
     */
    private Scopes scopes(Members members) {
        requireScopeTokens(members.text("scope"));
        return new Scopes(new LinkedHashSet<>(scopes));
    }

    private static void requireScopeTokens(String sent) {
        try {
            Scopes.parse(sent);
        } catch (OAuthException malformed) {
            throw Members.invalid("scope", "holds characters that no scope has");
        }
    }

    private static OAuthException invalidRedirect(String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_REDIRECT_URI, reason);
    }
}
