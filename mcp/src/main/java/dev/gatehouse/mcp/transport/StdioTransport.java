package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.LargeWork;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.Batch;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.stateful.SessionChannel.DuplexChannel;
import dev.gatehouse.mcp.stateful.StatefulServer;
import dev.gatehouse.mcp.stateful.StatefulSession;
import dev.gatehouse.mcp.stateless.StatelessServer;
import dev.gatehouse.mcp.transport.McpHttpTransport.RequestStates;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Serves MCP over a pair of streams, one JSON-RPC message a line. A line that is no message is answered with an error, and
 * reading goes on. Reading and writing have a thread each; all else runs on one Vert.x context.
 */
public final class StdioTransport {

    private static final Logger LOG = LoggerFactory.getLogger(StdioTransport.class);

    /** Lines that wait to be looked at. More are not read: a host that floods is slowed down. */
    private static final int LINES = 64;
    private static final long SWEEP_MILLIS = 5_000;
    private static final long DRAIN_MILLIS = 15_000;
    /** Of the largest size, that may wait for their turn. */
    private static final int WAITING_MESSAGES = 4;
    private static final long WAITING_BYTES = 1 << 20;

    private final Vertx vertx;
    private final Context context;
    private final McpEngine engine;
    private final LineReader reader;
    private final LineWriter writer;
    private final DuplexChannel channel;
    private final StatefulSession<DuplexChannel> session;
    private final StdioStateless statelessRequests;
    private final McpTransportOptions options;
    private final StdioCallers callers;
    private final Semaphore room = new Semaphore(LINES);
    private final StdioRequests requests;
    private final StatelessServer stateless;
    private final AtomicInteger underWay = new AtomicInteger(1);
    private final Promise<Void> drained = Promise.promise();

    /**
     * Creates a transport on two streams.
     *
     * @param vertx the Vert.x instance
     * @param features the features
     * @param options limits
     * @param input the host's messages
     * @param output the messages to the host
     * @param callers the caller, asked once per tool call, resource list or read, and completion; an anonymous caller's reason is its answer
     * @param clock the clock for the expiry of what clients carry
     */
    public StdioTransport(Vertx vertx, McpFeatures features, McpTransportOptions options, InputStream input, OutputStream output,
                          Supplier<Future<Caller>> callers, Clock clock) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.engine = new McpEngine(features, new MessageCodec(options.jsonDepth()), Duration.ofSeconds(options.callSeconds()),
            new LargeWork(vertx));
        this.reader = new LineReader(input, options.bodyBytes());
        this.writer = new LineWriter(output, engine.codec(), options.queueBytes());
        this.channel = new DuplexChannel(writer);
        this.session = new StatefulSession<>(new StatefulServer(engine, Duration.ofSeconds(options.requestSeconds())), "stdio", null, channel);
        this.stateless = new StatelessServer(engine, RequestStates::ofProcess, options.sessionsPerPrincipal(), clock);
        this.statelessRequests = new StdioStateless(stateless, writer);
        this.requests = new StdioRequests(context, Math.max(WAITING_BYTES, WAITING_MESSAGES * (long) options.bodyBytes()));
        this.options = options;
        this.callers = new StdioCallers(callers, channel::send, features.policy().listsByCaller());
    }

    /**
     * Serves the host that started this process, and claims its standard output if {@link StandardOutput} has not been claimed yet.
     *
     * @param vertx the Vert.x instance
     * @param features the features
     * @param options limits
     * @param callers the caller, asked for each request
     * @param clock tells the current time
     * @return the transport
     */
    public static StdioTransport ofProcess(Vertx vertx, McpFeatures features, McpTransportOptions options,
                                           Supplier<Future<Caller>> callers, Clock clock) {
        return new StdioTransport(vertx, features, options, System.in, StandardOutput.claim(), callers, clock);
    }

    /** {@return the publisher of changes to a host that has subscribed} */
    public Changes changes() {
        return engine.changes();
    }

    /** {@return the features that the server offers} They may change while it runs. */
    public FeatureRegistry registry() {
        return engine.registry();
    }

    /**
     * Starts reading.
     *
     * @return completes when the input has ended and every answer is out, or has taken more than fifteen seconds; the process should then exit
     */
    public Future<Void> run() {
        writer.start();
        // No daemon: until the first message no other thread might keep the process alive.
        new Thread(this::readAll, "mcp-stdio-reader").start();
        long sweeper = vertx.setPeriodic(SWEEP_MILLIS, tick -> stateless.sweep());
        return drained.future().compose(end -> {
            vertx.cancelTimer(sweeper);
            stateless.close();
            session.close();
            engine.close();
            writer.finish();
            return writer.finished();
        });
    }

    private void readAll() {
        try {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                read(line);
            }
        } catch (IOException e) {
            LOG.debug("Standard input failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        context.runOnContext(go -> statelessRequests.close());
        vertx.setTimer(DRAIN_MILLIS, late -> drained.tryComplete());
        release();
    }

    private void read(byte[] line) throws InterruptedException {
        if (line != LineReader.TOO_LONG && MessageCodec.isBlank(line)) {
            return;
        }
        writer.awaitRoom();
        room.acquire();
        underWay.incrementAndGet();
        // Parsed on this thread, in order, where it delays no other work; handled on the context.
        Future<MessageCodec.Json> json = Future.succeededFuture(line).map(this::parse);
        context.runOnContext(go -> {
            Future<Void> handled = json.compose(read -> handle(read, line.length)).recover(this::refuse);
            // Not only after the response: the answers to questions of the server must be read meanwhile.
            room.release();
            handled.onComplete(done -> release());
        });
    }

    private void release() {
        if (underWay.decrementAndGet() == 0) {
            drained.tryComplete();
        }
    }

    private MessageCodec.Json parse(byte[] line) {
        if (line == LineReader.TOO_LONG) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, null, "The message is larger than " + options.bodyBytes() + " bytes");
        }
        return engine.codec().parse(line);
    }

    private Future<Void> handle(MessageCodec.Json json, int size) {
        return json.isArray() && Batch.isSpoken(session.version()) ? acceptAll(engine.codec().decodeBatch(json), size)
            : acceptOrRefuse(engine.codec().decode(json), size);
    }

    private Future<Void> refuse(Throwable failure) {
        if (failure instanceof BadMessage bad) {
            return channel.send(bad.response());
        }
        LOG.error("A line could not be handled", failure);
        return channel.send(JsonRpcErrors.response(null, JsonRpcErrors.INTERNAL_ERROR, "The message could not be handled"));
    }

    /** Each response is a line of its own, sent as soon as it is ready. */
    private Future<Void> acceptAll(Batch batch, int size) {
        List<Future<Void>> answered = new ArrayList<>();
        batch.messages().forEach(message -> answered.add(acceptOrRefuse(message, size / batch.messages().size())));
        batch.refusals().forEach(refusal -> answered.add(channel.send(refusal)));
        return Future.join(answered).mapEmpty();
    }

    private Future<Void> acceptOrRefuse(JSONRPCMessage message, int size) {
        if (!(message instanceof JSONRPCRequest request)) {
            return run(message);
        }
        return requests.run(request.id(), size, () -> run(request)).orElseGet(
            () -> channel.send(JsonRpcErrors.response(request.id(), JsonRpcErrors.REFUSED, "Too many requests at once: wait for answers")));
    }

    private Future<Void> run(JSONRPCMessage message) {
        try {
            return accept(message).recover(failure -> failed(message, failure));
        } catch (BadMessage e) {
            return channel.send(e.response());
        } catch (RuntimeException e) {
            return failed(message, e);
        }
    }

    /** A fault of this server: a request must be answered nevertheless. */
    private Future<Void> failed(JSONRPCMessage message, Throwable failure) {
        LOG.error("A message could not be handled", failure);
        return message instanceof JSONRPCRequest request
            ? channel.send(JsonRpcErrors.response(request.id(), JsonRpcErrors.INTERNAL_ERROR, "The request failed on the server"))
            : Future.succeededFuture();
    }

    private Future<Void> run(Operations.Checked checked, Caller caller) {
        MessageSink.OneReply reply = channel.reply();
        session.run(checked, caller, reply);
        return reply.finished();
    }

    private Future<Void> accept(JSONRPCMessage message) {
        if (message instanceof JSONRPCRequest request && StatelessServer.isStateless(null, request)) {
            return statelessRequests.accept(request, run -> callers.whenKnown(request, run));
        }
        if (message instanceof JSONRPCRequest request) {
            Operations.Checked checked = engine.operations().check(request);
            return callers.whenKnown(request, caller -> run(checked, caller));
        }
        if (message instanceof JSONRPCNotification notification) {
            if (!requests.accept(notification) && !callers.accept(notification) && !statelessRequests.accept(notification)) {
                session.accept(notification);
            }
        } else if (message instanceof JSONRPCResponse response) {
            session.accept(response);
        }
        return Future.succeededFuture();
    }
}
