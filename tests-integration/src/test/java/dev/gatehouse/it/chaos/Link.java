package dev.gatehouse.it.chaos;

import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between a node and the database: a TCP proxy that can be cut and slowed down. */
final class Link {

    private final Vertx vertx;
    private final NetClient client;
    private final int target;
    private final int port = Ports.free();
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile long delayMillis;

    Link(Vertx vertx, int target) {
        this.vertx = vertx;
        this.target = target;
        client = vertx.createNetClient();
        NetServer server = vertx.createNetServer().connectHandler(this::accept);
        Waiting.on(server.listen(port, "127.0.0.1"));
    }

    int port() {
        return port;
    }

    /** Ends all connections and refuses new ones. */
    void cut() {
        cut = true;
        open.forEach(NetSocket::close);
    }

    /** Delivers every piece of data this much later. */
    void delay(long millis) {
        delayMillis = millis;
    }

    void repair() {
        cut = false;
        delayMillis = 0;
    }

    private void accept(NetSocket near) {
        if (cut) {
            near.close();
            return;
        }
        near.pause();
        client.connect(target, "127.0.0.1").onFailure(refused -> near.close()).onSuccess(far -> {
            join(near, far);
            join(far, near);
            near.resume();
        });
    }

    private void join(NetSocket from, NetSocket to) {
        open.add(from);
        Queue<Buffer> delayed = new ArrayDeque<>();
        from.handler(data -> deliver(data, delayed, to));
        from.closeHandler(closed -> {
            open.remove(from);
            to.close();
        });
        from.exceptionHandler(broken -> from.close());
    }

    /** Each timer delivers the oldest piece, so that no piece overtakes another when the delay changes. */
    private void deliver(Buffer data, Queue<Buffer> delayed, NetSocket to) {
        if (delayMillis == 0 && delayed.isEmpty()) {
            to.write(data);
            return;
        }
        delayed.add(data);
        vertx.setTimer(Math.max(1, delayMillis), fired -> to.write(delayed.remove()));
    }
}
