package dev.gatehouse.it.bench;

import io.vertx.core.buffer.Buffer;

import java.util.function.Predicate;

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

    /** Returns the same requests with another condition of their answers. */
    default Source accepting(Predicate<Buffer> condition) {
        Source requests = this;
        return new Source() {

            @Override
            public Buffer next() {
                return requests.next();
            }

            @Override
            public void prepare(int count) {
                requests.prepare(count);
            }

            @Override
            public boolean accepts(Buffer answer) {
                return condition.test(answer);
            }
        };
    }
}
