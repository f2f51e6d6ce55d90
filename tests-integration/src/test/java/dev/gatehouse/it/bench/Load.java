package dev.gatehouse.it.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An HTTP/1.1 load generator on raw sockets, one event loop, no pipelining: each connection sends its next request when the answer to its
 * last has arrived, or on a schedule. It does far less for a request than any server does, which keeps it from being what is measured.
 */
final class Load {
    static final int CONNECTIONS = 32;
    private final int connections;
    private final long pauseMillis;
    private final Vertx vertx;
    private final NetClient client;
    private final int port;
    private final Source requests;
    private final ProcessHandle server;
    private long[] nanos = new long[1 << 16];
    private int answers;
    private String refusal;
    private long deadline;
    private double expectedPerSecond = 500;
    private long intervalNanos;

    /** @param server the process that answers; its CPU time is measured */
    Load(Vertx vertx, int port, Source requests, ProcessHandle server) {
        this(vertx, port, requests, CONNECTIONS, 0, server);
    }

    /** @param pauseMillis how long each connection rests between an answer and its next request; 0 for none */
    Load(Vertx vertx, int port, Source requests, int connections, long pauseMillis) {
        this(vertx, port, requests, connections, pauseMillis, ProcessHandle.current());
    }

    Load(Vertx vertx, int port, Source requests, int connections, long pauseMillis, ProcessHandle server) {
        this.server = server;
        this.connections = connections;
        this.pauseMillis = pauseMillis;
        this.vertx = vertx;
        this.port = port;
        this.requests = requests;
        client = vertx.createNetClient();
    }

    /** The figures of one round. CPU time is that of the whole server process, divided by the requests. */
    record Result(int answers, double perSecond, double medianMillis, double p99Millis, double cpuMicros) {
    }

    /**
     * Sends requests on a schedule, however late the answers are. A request that a late answer delays counts from the time when it was due, so that
     * a pause of the server counts for all requests that it delays.
     */
    Future<Result> runAt(double perSecond, double seconds) {
        intervalNanos = (long) (connections * 1e9 / perSecond);
        return run(seconds).onComplete(done -> intervalNanos = 0);
    }

    /** Runs for that long and waits for the last answers. Fails on the first answer that the source of the requests does not accept. */
    Future<Result> run(double seconds) {
        requests.prepare((int) (expectedPerSecond * seconds * 1.1));
        answers = 0;
        refusal = null;
        Duration cpu = cpu();
        long begun = System.nanoTime();
        deadline = begun + (long) (seconds * 1e9);
        return Future.all(IntStream.range(0, connections).mapToObj(i -> connection()).toList())
            .map(all -> result(begun, cpu().minus(cpu)));
    }

    private Result result(long begun, Duration cpu) {
        if (refusal != null) {
            throw new IllegalStateException("refused: " + refusal);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        expectedPerSecond = answers / seconds;
        long[] sorted = Arrays.copyOf(nanos, answers);
        Arrays.sort(sorted);
        return new Result(answers, answers / seconds, sorted[answers / 2] / 1e6, sorted[(int) (answers * 0.99)] / 1e6, cpu.toNanos() / 1e3 / answers);
    }

    private Duration cpu() {
        return server.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private Future<Void> connection() {
        Promise<Void> done = Promise.promise();
        client.connect(port, "localhost").onFailure(done::fail)
            .onSuccess(socket -> new Connection(socket, done).send());
        return done.future();
    }

    private void record(long took) {
        if (answers == nanos.length) {
            nanos = Arrays.copyOf(nanos, nanos.length * 2);
        }
        nanos[answers++] = took;
    }

    /** One connection's requests, one behind the other. */
    private final class Connection {
        private final NetSocket socket;
        private final Promise<Void> done;
        private Buffer pending;
        private long dueAt;

        Connection(NetSocket socket, Promise<Void> done) {
            this.socket = socket;
            this.done = done;
            socket.handler(this::receive);
            socket.closeHandler(closed -> done.tryFail("the server closed a connection"));
        }

        void send() {
            sendDueAt(System.nanoTime());
        }

        private void sendDueAt(long due) {
            dueAt = due;
            socket.write(requests.next());
        }

        private void sendOnSchedule(long now) {
            long next = dueAt + intervalNanos;
            if (next <= now) {
                sendDueAt(next);
            } else {
                vertx.setTimer(Math.max(1, (next - now) / 1_000_000), due -> send());
            }
        }

        private void receive(Buffer bytes) {
            pending = pending == null ? bytes : pending.appendBuffer(bytes);
            if (!HttpAnswer.isWhole(pending)) {
                return;
            }
            long now = System.nanoTime();
            record(now - dueAt);
            if (!requests.accepts(pending)) {
                refusal = pending.toString();
            }
            pending = null;
            if (now >= deadline || refusal != null) {
                done.tryComplete();
                socket.close();
            } else if (intervalNanos > 0) {
                sendOnSchedule(now);
            } else if (pauseMillis == 0) {
                send();
            } else {
                vertx.setTimer(pauseMillis, rested -> send());
            }
        }
    }
}
