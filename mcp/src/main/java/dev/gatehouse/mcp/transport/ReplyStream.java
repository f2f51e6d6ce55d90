package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.stateful.ResumableStream;
import dev.gatehouse.mcp.stateful.StreamableChannel;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** The events of one response that has become a stream. */
interface ReplyStream {

    /** For a client that disconnected before the first event: it has no event to resume from. */
    ReplyStream GONE = new ReplyStream() {
        @Override
        public Future<Void> send(byte[] json) {
            return Future.failedFuture(new SseStream.StreamEnded());
        }

        @Override
        public void release() {
            // There is no connection to release.
        }

        @Override
        public void finish() {
            // There is no stream to end.
        }
    };

    /** Makes one of an open connection. */
    @FunctionalInterface
    interface Opener {

        ReplyStream open(RoutingContext request, SseStream connection);
    }

    Future<Void> send(byte[] json);

    /** Ends the connection before the response, if the client can reconnect for it. */
    void release();

    void finish();

    /** Events that are lost with their connection. */
    static ReplyStream plain(RoutingContext request, SseStream connection) {
        return new ReplyStream() {
            @Override
            public Future<Void> send(byte[] json) {
                return connection.message(json);
            }

            @Override
            public void release() {
                // The response would be lost.
            }

            @Override
            public void finish() {
                connection.end();
            }
        };
    }

    /** Events that the client of the session can resume. */
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
