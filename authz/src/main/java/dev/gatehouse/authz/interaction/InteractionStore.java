package dev.gatehouse.authz.interaction;

import io.vertx.core.Future;

import java.util.Optional;

/** The authorization requests that people are answering. */
public interface InteractionStore {

    Future<Void> begin(Interaction interaction);

    Future<Optional<Interaction>> find(String hash);

    /** Ends an interaction without a grant. Returns false when it was finished already or is gone. */
    Future<Boolean> finish(String hash, long at);
}
