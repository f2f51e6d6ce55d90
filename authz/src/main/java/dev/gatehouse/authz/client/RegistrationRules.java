package dev.gatehouse.authz.client;

import dev.gatehouse.authz.client.RequestedMetadata.Omission;
import dev.gatehouse.shared.fetch.FetchException;
import dev.gatehouse.shared.fetch.FetchUrl;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * The rules for client metadata (RFC 7591 §2) of a registration request, a metadata document, or an operator on the command
 * line. Unusable members are omitted. A client is rejected only if the remaining metadata is of no use to it.
 */
public final class RegistrationRules {

    private static final int MOST_REDIRECT_URIS = 50;
    private static final Set<String> APPLICATION_TYPES = Set.of("web", "native");
    private static final Set<ClientAuthMethod> BY_KEY = Set.of(ClientAuthMethod.PRIVATE_KEY_JWT, ClientAuthMethod.SELF_SIGNED_TLS_CLIENT_AUTH);
    private static final String TLS_NAME = "tls_client_auth_";

    private final Bounds bounds;

    /**
     * The limits of one way of registration.
     *
     * @param methods authentication methods that it may name
     * @param defaultMethods the methods of a client that names none
     * @param severalMethods whether it may use all that it names, or only the first
     * @param grantTypes wire names of the grant types that it may have
     * @param defaultGrantTypes the grant types of a client that names none; may be empty if a client needs none
     * @param scopes all scopes
     * @param scopeRule the treatment of the scopes that it names
     * @param loopbackUrls whether its URLs may be on this machine
     * @param redirectSchemes schemes of applications that the operator names
     * @param outOfBand whether a user may copy its codes by hand
     * @param idTokenAlgorithm the response to a client that asks for an algorithm; null for no response
     */
    public record Bounds(Set<ClientAuthMethod> methods, Set<ClientAuthMethod> defaultMethods, boolean severalMethods, Set<String> grantTypes,
                         Set<String> defaultGrantTypes, List<String> scopes, ScopeRule scopeRule, boolean loopbackUrls,
                         Set<String> redirectSchemes, boolean outOfBand, String idTokenAlgorithm) {
    }

    /** The treatment of the scopes that a client names. */
    public enum ScopeRule {
        /**
         * The client gets all scopes. Many clients register with the scope of their first challenge, and could never
         * step up from it. RFC 7591 §2 lets the server replace them.
         */
        ALL,
        /** The client gets the existing scopes that it names; all if it names none of them. */
        NAMED_OR_ALL,
        /** As {@link #NAMED_OR_ALL}, but it is an error to name only scopes that do not exist. */
        NAMED
    }

    /** The result. @param omissions the omitted members, with reasons */
    public record Registrable(ClientDescription description, List<Omission> omissions) {
    }

    public RegistrationRules(Bounds bounds) {
        this.bounds = bounds;
    }

    /**
     * The rules for a client that an operator describes.
     *
     * @param defaultGrants wire names of the grant types of a client that names none
     * @param scopes the scopes that it may have
     */
    public static RegistrationRules ofOperator(Set<String> defaultGrants, List<String> scopes, boolean loopbackUrls, Set<String> redirectSchemes) {
        return new RegistrationRules(new Bounds(Set.of(ClientAuthMethod.values()), Set.of(ClientAuthMethod.NONE), true, Set.copyOf(GrantType.names()), defaultGrants,
            scopes, ScopeRule.NAMED, loopbackUrls, redirectSchemes, true, null));
    }

    /**
     * Decides what is registered.
     *
     * @throws OAuthException {@code invalid_redirect_uri} or {@code invalid_client_metadata} where nothing usable is left,
     *     naming the member and the reason
     */
    public Registrable check(RequestedMetadata sent) {
        return new Check(sent).registrable();
    }

    /** One check. It decides the members in turn and collects the omissions. */
    private final class Check {

        private final RequestedMetadata sent;
        private final List<Omission> omissions;
        private final JsonObject kept = new JsonObject();

        Check(RequestedMetadata sent) {
            this.sent = sent;
            this.omissions = new ArrayList<>(sent.omissions());
        }

        Registrable registrable() {
            sent.texts().forEach(this::keepText);
            sent.urls().forEach(this::keepUrl);
            kept.getMap().putAll(sent.flags());
            keepList("contacts", sent.contacts());
            keepList("post_logout_redirect_uris", usableUris("post_logout_redirect_uris", sent.postLogoutRedirectUris()));
            keepKeys();
            Set<ClientAuthMethod> methods = methods();
            keepSigningAlgorithm(methods);
            if (sent.idTokenAlgorithm() != null && bounds.idTokenAlgorithm() != null) {
                kept.put("id_token_signed_response_alg", bounds.idTokenAlgorithm());
            }
            List<String> uris = redirectUris();
            keepApplicationType(uris);
            Set<String> grants = grantTypes(methods, uris);
            return new Registrable(new ClientDescription(sent.name(), methods, uris, grants, scopes(), new ClientMetadata(kept)),
                List.copyOf(omissions));
        }

        private void omit(String member, String reason) {
            omissions.add(new Omission(member, reason));
        }

        /** Returns the reason why a member was omitted; the other reason if it was not sent. */
        private String reasonOr(String member, String otherwise) {
            String reasons = omissions.stream().filter(each -> each.member().equals(member)).map(Omission::toString).distinct()
                .collect(Collectors.joining("; "));
            return reasons.isEmpty() ? otherwise : reasons;
        }

        private void keepText(String name, String text) {
            if (name.endsWith("_alg") && SigningAlgorithm.named(text).isEmpty()) {
                omit(name, "is not an asymmetric algorithm that this server knows");
                return;
            }
            if (name.equals("tls_client_auth_subject_dn") && !isDistinguishedName(text)) {
                omit(name, "is not a distinguished name such as CN=app,O=Example (RFC 4514)");
            } else {
                kept.put(name, text);
            }
        }

        private static boolean isDistinguishedName(String text) {
            try {
                return !new X500Principal(text).getName().isEmpty();
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        /** The server fetches some of these URLs and links users to others, so the rules for fetched URLs hold for all. */
        private void keepUrl(String name, String url) {
            try {
                FetchUrl.parse(url, bounds.loopbackUrls());
                kept.put(name, url);
            } catch (FetchException refusal) {
                omit(name, "is not a public https URL");
            }
        }

        private void keepList(String name, List<String> texts) {
            if (!texts.isEmpty()) {
                kept.put(name, new JsonArray(texts));
            }
        }

        private void keepKeys() {
            RequestedKeys keys = RequestedKeys.of(sent.keys());
            keys.reasons().forEach(reason -> omit("jwks", reason));
            if (keys.isRefused()) {
                throw invalid(reasonOr("jwks", "jwks cannot be used"));
            }
            if (!keys.usable().isEmpty()) {
                if (kept.containsKey("jwks_uri")) {
                    throw invalid("jwks and jwks_uri exclude each other");
                }
                kept.put("jwks", new JsonObject().put("keys", keys.usable()));
            }
        }

        private Set<ClientAuthMethod> methods() {
            if (sent.authMethods().isEmpty()) {
                return bounds.defaultMethods();
            }
            List<ClientAuthMethod> known = bounds.methods().stream().filter(method -> sent.authMethods().contains(method.wireName())).toList();
            if (known.isEmpty()) {
                throw invalid("token_endpoint_auth_method is not one of "
                    + bounds.methods().stream().map(ClientAuthMethod::wireName).sorted().toList());
            }
            List<ClientAuthMethod> provable = sent.authMethods().stream()
                .flatMap(name -> known.stream().filter(method -> method.wireName().equals(name))).filter(this::isProvable).toList();
            if (provable.isEmpty()) {
                throw invalid(needed(known.get(0)));
            }
            if (provable.size() < sent.authMethods().size()) {
                omit("token_endpoint_auth_methods_supported", "names a method that is unknown here, or whose keys are missing");
            }
            return new LinkedHashSet<>(bounds.severalMethods() ? provable : provable.subList(0, 1));
        }

        private boolean isProvable(ClientAuthMethod method) {
            return BY_KEY.contains(method) ? kept.containsKey("jwks") || kept.containsKey("jwks_uri")
                : method != ClientAuthMethod.TLS_CLIENT_AUTH || certificateNames() == 1;
        }

        private long certificateNames() {
            return kept.fieldNames().stream().filter(name -> name.startsWith(TLS_NAME)).count();
        }

        private String needed(ClientAuthMethod method) {
            return method == ClientAuthMethod.TLS_CLIENT_AUTH
                ? reasonOr("tls_client_auth_subject_dn", "tls_client_auth_subject_dn or exactly one of its alternatives is needed for tls_client_auth")
                : reasonOr("jwks", reasonOr("jwks_uri", "jwks or jwks_uri is needed for " + method.wireName()));
        }

        private void keepSigningAlgorithm(Set<ClientAuthMethod> methods) {
            String algorithm = sent.signingAlgorithm();
            if (algorithm == null) {
                return;
            }
            if (SigningAlgorithm.named(algorithm).isPresent()) {
                kept.put("token_endpoint_auth_signing_alg", algorithm);
                return;
            }
            omit("token_endpoint_auth_signing_alg", "is not an asymmetric algorithm that this server knows");
            if (methods.equals(Set.of(ClientAuthMethod.PRIVATE_KEY_JWT))) {
                throw invalid(reasonOr("token_endpoint_auth_signing_alg", ""));
            }
        }

        private List<String> redirectUris() {
            if (sent.redirectUris().size() >= MOST_REDIRECT_URIS) {
                throw invalidRedirect("redirect_uris holds " + MOST_REDIRECT_URIS + " entries or more");
            }
            return usableUris("redirect_uris", sent.redirectUris());
        }

        private List<String> usableUris(String member, List<String> uris) {
            return uris.stream().filter(uri -> {
                String refusal = uri.equals(RedirectUris.OUT_OF_BAND) && !bounds.outOfBand()
                    ? "Codes to be copied by hand are for clients that an operator registers."
                    : RedirectUris.refusal(uri, bounds.redirectSchemes()).orElse(null);
                if (refusal != null) {
                    omit(member, "holds one that cannot be registered. " + refusal);
                }
                return refusal == null;
            }).toList();
        }

        /**
         * OpenID Connect Registration §2 has web as the default and keeps it from this machine, but clients of MCP leave the
         * member out, or send web with the scheme of a desktop application. So a type that the redirect URIs contradict is
         * left out, unless all of them are on this machine.
         */
        private void keepApplicationType(List<String> uris) {
            String type = sent.applicationType();
            if (type == null) {
                return;
            }
            boolean web = type.equals("web");
            if (web && !uris.isEmpty() && uris.stream().allMatch(Check::isLoopback)) {
                throw invalidRedirect("application_type is web, so that a redirect URI has to be https and not on the user's own machine;"
                    + " register as native, or without application_type");
            }
            if (!APPLICATION_TYPES.contains(type) || web && !uris.stream().allMatch(Check::isWeb)) {
                omit("application_type", "is neither web nor native, or not what the redirect URIs are");
            } else {
                kept.put("application_type", type);
            }
        }

        private static boolean isWeb(String uri) {
            return uri.toLowerCase(Locale.ROOT).startsWith("https:") && !isLoopback(uri);
        }

        private static boolean isLoopback(String uri) {
            return Loopback.isLoopbackHost(URI.create(uri).getHost());
        }

        private Set<String> grantTypes(Set<ClientAuthMethod> methods, List<String> uris) {
            boolean named = !sent.grantTypes().isEmpty();
            Set<String> granted = new LinkedHashSet<>(named ? sent.grantTypes() : bounds.defaultGrantTypes());
            if (granted.retainAll(bounds.grantTypes()) && named) {
                omit("grant_types", "names one that is unknown here, or that a client may not have in this way");
            }
            if (methods.contains(ClientAuthMethod.NONE)
                && granted.removeIf(grant -> !GrantType.named(grant).map(GrantType::isForPublicClients).orElse(false))) {
                omit("grant_types", "names one that a client that proves nothing cannot use");
            }
            requireRedirectUris(granted, uris);
            boolean needed = named || !bounds.defaultGrantTypes().isEmpty();
            if (needed && granted.stream().allMatch(GrantType.REFRESH_TOKEN.wireName()::equals)) {
                throw invalid("grant_types names none that such a client can use: " + bounds.grantTypes().stream().sorted().toList());
            }
            decideResponseTypes(granted);
            return granted;
        }

        /** A client that sent redirect URIs meant to use the grant that needs them; one that sent none may do with another grant. */
        private void requireRedirectUris(Set<String> granted, List<String> uris) {
            String code = GrantType.AUTHORIZATION_CODE.wireName();
            if (!uris.isEmpty() || !granted.contains(code)) {
                return;
            }
            boolean others = granted.stream().anyMatch(grant -> !grant.equals(code) && !grant.equals(GrantType.REFRESH_TOKEN.wireName()));
            String reason = reasonOr("redirect_uris", null);
            if (!others || reason != null) {
                throw invalidRedirect(reason != null ? reason
                    : "redirect_uris is missing, and the grant authorization_code needs at least one");
            }
            granted.remove(code);
            omit("grant_types", "names authorization_code, which needs redirect_uris");
        }

        private void decideResponseTypes(Set<String> granted) {
            if (sent.responseTypes().isEmpty() || sent.responseTypes().equals(List.of("code"))) {
                return;
            }
            if (!sent.responseTypes().contains("code") && granted.contains(GrantType.AUTHORIZATION_CODE.wireName())) {
                throw invalid("response_types lacks code, which is the only one here");
            }
            omit("response_types", "names another than code");
        }

        private Scopes scopes() {
            Set<String> all = new LinkedHashSet<>(bounds.scopes());
            if (bounds.scopeRule() == ScopeRule.ALL || sent.scope() == null) {
                return new Scopes(all);
            }
            Set<String> named = new LinkedHashSet<>(List.of(sent.scope().split(" +")));
            if (named.retainAll(all)) {
                omit("scope", "names one that is unknown here");
            }
            if (named.isEmpty() && bounds.scopeRule() == ScopeRule.NAMED) {
                throw invalid("scope names none of " + bounds.scopes());
            }
            return new Scopes(named.isEmpty() ? all : named);
        }
    }

    private static OAuthException invalid(String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT_METADATA, reason);
    }

    private static OAuthException invalidRedirect(String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_REDIRECT_URI, reason);
    }
}
