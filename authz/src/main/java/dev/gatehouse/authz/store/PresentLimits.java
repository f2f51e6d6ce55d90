package dev.gatehouse.authz.store;

import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/** What a client may be given at the time of a request, of all that it was granted before. */
public interface PresentLimits {

    /** For what was measured at this very time. */
    PresentLimits NONE = new PresentLimits() {
        @Override
        public List<String> resources(List<String> granted) {
            return granted;
        }

        @Override
        public Scopes scopes(Scopes granted, List<String> resources) {
            return granted;
        }
    };

    /** Those of these resources that the client may still have tokens for. */
    List<String> resources(List<String> granted);

    /** Those of these scopes that the client may still have, and that mean something at one of the resources (RFC 8707 §2.2). */
    Scopes scopes(Scopes granted, List<String> resources);
}
