package dev.gatehouse.authz.scope;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/** What a client may be given at the time of a request, of all that it was granted before. */
public interface CurrentAllowance {

    /** For a grant that is made by the very request that it is used in. */
    CurrentAllowance NONE = new CurrentAllowance() {
        @Override
        public List<String> reached(List<String> granted, Scopes scopes) {
            return granted;
        }

        @Override
        public List<String> resources(List<String> granted) {
            return granted;
        }

        @Override
        public Scopes scopes(Scopes granted, List<String> resources) {
            return granted;
        }

        @Override
        public List<String> audience(List<String> targets, Scopes scopes, boolean asked, boolean bound) {
            return targets;
        }
    };

    /** The resources of a grant, and userinfo where the person agreed to the scope {@code openid}. */
    List<String> reached(List<String> granted, Scopes scopes);

    /** Those of these resources that the client may still have tokens for. */
    List<String> resources(List<String> granted);

    /** Those of these scopes that the client may still have, and that mean something at one of the resources (RFC 8707 §2.2). */
    Scopes scopes(Scopes granted, List<String> resources);

    /**
     * The audience of one token. No bearer token is for userinfo and a resource at once: the resource server that is sent it
     * could fetch the person's name and email address with it.
     *
     * @param targets what the token may be for, userinfo included
     * @param scopes of the token
     * @param asked whether the request names these targets
     * @param bound whether the token is of no use without a key of its client
     */
    List<String> audience(List<String> targets, Scopes scopes, boolean asked, boolean bound);
}
