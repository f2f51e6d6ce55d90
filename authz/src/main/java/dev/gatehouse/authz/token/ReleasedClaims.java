package dev.gatehouse.authz.token;

import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.authz.user.UserGroupStore.UserGroup;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The claims about a user that the configuration adds to ID tokens, JWT access tokens and introspection. */
public final class ReleasedClaims {

    /** Claims that the server sets itself. */
    private static final Set<String> RESERVED = Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "client_id", "cnf", "active",
        "token_type", "username", "act", "may_act", "auth_time", "acr", "amr", "nonce", "at_hash", "c_hash", "azp", "sid", "created_at", "last_login",
        "authorization_details");

    private final List<ClaimOptions> entries;
    private final UserStore users;
    private final UserGroupStore groups;
    private final Set<String> hiddenFromClients;

    public ReleasedClaims(List<ClaimOptions> entries, UserStore users, UserGroupStore groups) {
        this.entries = List.copyOf(entries);
        this.users = users;
        this.groups = groups;
        List<String> shown = names(Place.ID_TOKEN);
        this.hiddenFromClients = names(Place.INTROSPECTION).stream().filter(name -> !shown.contains(name)).collect(Collectors.toUnmodifiableSet());
    }

    /** The receivers of a claim. */
    public enum Place { ID_TOKEN, ACCESS_TOKEN, INTROSPECTION }

    /** The data of the user that a claim has. */
    public enum Value { GROUPS, USERNAME, NAME, EMAIL }

    /**
     * An entry of the configuration.
     *
     * @param groups the names of the groups that the claim may list; empty for all
     * @param source the source of the groups; null for this server and SCIM
     * @param scope the scope that a token needs for this claim, or null
     */
    public record ClaimOptions(String name, Value value, Set<Place> in, List<String> groups, String source, String scope) {

        public ClaimOptions {
            in = Set.copyOf(in);
            groups = List.copyOf(groups);
        }

        /** Returns whether the server sets a claim of this name itself. */
        public boolean isReserved() {
            return RESERVED.contains(name);
        }

        private boolean isFor(Place place, Scopes scopes) {
            return in.contains(place) && (scope == null || scopes.contains(scope));
        }

        private Object of(User user, List<UserGroup> memberships) {
            return switch (value) {
                case USERNAME -> user.username();
                case NAME -> user.name();
                case EMAIL -> user.email();
                case GROUPS -> new JsonArray(memberships.stream().filter(group -> group.isFrom(source)).map(UserGroup::name)
                    .filter(each -> groups.isEmpty() || groups.contains(each)).distinct().sorted().toList());
            };
        }
    }

    /** The names of the claims of a place. */
    public List<String> names(Place place) {
        return entries.stream().filter(entry -> entry.in().contains(place)).map(ClaimOptions::name).distinct().toList();
    }

    /** The claims that introspection shows to resource servers, but not to the client of the token. */
    Set<String> hiddenFromClients() {
        return hiddenFromClients;
    }

    /** Reads the claims about the user of a token; none for a client's own token. */
    public Future<JsonObject> of(Place place, AccessToken token) {
        List<ClaimOptions> here = entries.stream().filter(entry -> entry.isFor(place, token.scopes())).toList();
        return token.grantId() == null || here.isEmpty() ? Future.succeededFuture(new JsonObject())
            : users.findBySub(token.sub()).compose(user -> groups.of(token.sub()).map(memberships -> claims(here, user, memberships)));
    }

    /** The claims of these entries. A claim without a value is left out; a user without groups has an empty list. */
    static JsonObject claims(List<ClaimOptions> entries, Optional<User> user, List<UserGroup> memberships) {
        JsonObject claims = new JsonObject();
        user.ifPresent(known -> entries.forEach(entry -> Optional.ofNullable(entry.of(known, memberships))
            .ifPresent(value -> claims.put(entry.name(), value))));
        return claims;
    }
}
