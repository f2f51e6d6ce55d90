package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.stateful.ResumableStream;
import dev.gatehouse.mcp.stateful.StreamableChannel;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** The events of one answer that has become a stream. */
interface ReplyStream {

    /** Of a client that left before the first event: it has seen none that it could come back with. */
    ReplyStream GONE = new ReplyStream() {
        @Override
        public Future<Void> send(byte[] json) {
            return Future.failedFuture(new SseStream.StreamEnded());
        }

        @Override
        public void release() {
            // There is nothing to let go of.
        }

        @Override
        public void finish() {
            // Nor to end.
        }
    };

    /** Makes one of an open connection. */
    @FunctionalInterface
    interface Opener {

        ReplyStream open(RoutingContext request, SseStream connection);
    }

    Future<Void> send(byte[] json);

    /** Lets go of the connection while there is more to send, if the client can come back for it. */
    void release();

    void finish();

    /** Events that are gone with their connection. */
    static ReplyStream plain(RoutingContext request, SseStream connection) {
        return new ReplyStream() {
            @Override
            public Future<Void> send(byte[] json) {
                return connection.message(json);
            }

            @Override
            public void release() {
                // The answer would be lost.
            }

            @Override
            public void finish() {
                connection.end();
            }
        };
    }

    /** Events that the session's client can have again. */
    static Opener resumable(StreamableChannel channel) {
        return (request, connection) -> {
            ResumableStream events = channel.begin(connection);
            MessageGate.atEnd(request, () -> events.detach(connection));
            return new ReplyStream() {
                @Override
                public Future<Void> send(byte[] json) {
                    return events.send(json);
                }

                @Override
                public void release() {
                    if (channel.isPrimed()) {
                        events.release();
                    }
                }

                @Override
                public void finish() {
                    events.finish();
                }
            };
        };
    }
}
