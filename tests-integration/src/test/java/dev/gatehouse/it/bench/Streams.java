package dev.gatehouse.it.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Open streams of server-sent events, on raw sockets, of which it is only kept how they are. Belongs to one event loop. */
final class Streams {
    private static final String NOTIFICATION = "notifications/resources/";
    private final NetClient client;
    private final List<Stream> streams = new ArrayList<>();
    private final int port;

    Streams(Vertx vertx, int port) {
        this(vertx, port, 0);
    }

    /** @param receiveBuffer bytes that the operating system may keep for a reader; 0 for what it likes */
    Streams(Vertx vertx, int port, int receiveBuffer) {
        this.port = port;
        NetClientOptions options = new NetClientOptions();
        client = vertx.createNetClient(receiveBuffer == 0 ? options : options.setReceiveBufferSize(receiveBuffer));
    }

    /** Opens one; completes when its head has come. */
    Future<Stream> open(Buffer request) {
        return client.connect(port, "localhost").compose(socket -> {
            Stream stream = new Stream(socket);
            return socket.write(request).compose(sent -> stream.begun.future()).map(stream).onSuccess(streams::add).onFailure(refused -> socket.close());
        });
    }

    long open() {
        return streams.stream().filter(stream -> !stream.closed).count();
    }

    /** The streams that have received a change since they were opened. */
    long told() {
        return streams.stream().filter(stream -> stream.told).count();
    }

    /** Streams that were sent anything at all behind their head: comments that keep them alive, for most. */
    long heard() {
        return streams.stream().filter(stream -> stream.pieces > 1).count();
    }

    static final class Stream {
        private final NetSocket socket;
        private final Promise<Void> begun = Promise.promise();
        private int pieces;
        private volatile long bytes;
        private volatile boolean told;
        private volatile boolean closed;

        private Stream(NetSocket socket) {
            this.socket = socket;
            socket.handler(this::receive);
            socket.closeHandler(gone -> {
                closed = true;
                begun.tryFail("closed before it began");
            });
        }

        private void receive(Buffer piece) {
            bytes += piece.length();
            if (pieces++ == 0 && !piece.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200")) {
                begun.tryFail(piece.toString());
            }
            begun.tryComplete();
            told |= piece.toString(StandardCharsets.ISO_8859_1).contains(NOTIFICATION);
        }

        /** Reads no more. */
        void pause() {
            socket.pause();
        }

        void resume() {
            socket.resume();
        }

        void close() {
            socket.close();
        }

        /** Bytes that have been read. */
        long bytes() {
            return bytes;
        }

        boolean isClosed() {
            return closed;
        }
    }
}
