package dev.gatehouse.it.bench;

import io.vertx.core.buffer.Buffer;

/** The source of the generator's requests. */
@FunctionalInterface
interface Source {

    Buffer next();

    /** Makes requests that cannot be used twice, before a round that will need about so many. */
    default void prepare(int count) {
    }

    /** Takes an answer. Returns whether it has what was asked for. */
    default boolean accepts(Buffer answer) {
        return HttpAnswer.isSuccess(answer);
    }
}
