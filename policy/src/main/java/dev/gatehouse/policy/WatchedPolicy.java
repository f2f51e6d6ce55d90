package dev.gatehouse.policy;

import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.policy.Policy.Ruling;
import dev.gatehouse.shared.audit.AuditLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The policy of a file, which is read again when the file changes. A file with an error leaves the last good policy in force. Thread-safe;
 * several instances of a verticle share one.
 */
public final class WatchedPolicy implements CallPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedPolicy.class);
    private static final long EACH_MILLIS = 1_000;
    private static final long LARGEST = 1_048_576;

    private final Vertx vertx;
    private final Path file;
    private final String server;
    private final boolean listOnlyAllowed;
    private final Clock clock;
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Policy policy;
    private volatile String problem;
    private volatile String lastText;
    private long timer = -1;

    private WatchedPolicy(Vertx vertx, Path file, String server, boolean listOnlyAllowed, Clock clock) {
        this.vertx = vertx;
        this.file = file;
        this.server = server;
        this.listOnlyAllowed = listOnlyAllowed;
        this.clock = clock;
    }

    /**
     * Reads a policy file and watches it. Blocking.
     *
     * @param vertx the Vert.x instance
     * @param file the policy file
     * @param server the value of {@code tool.server}
     * @param listOnlyAllowed whether {@code tools/list} has only the tools that the caller may call
     * @param clock tells the current time
     * @return the policy; close it
     * @throws InvalidPolicyException if the file has an error
     * @throws IOException if the file cannot be read
     */
    public static WatchedPolicy open(Vertx vertx, Path file, String server, boolean listOnlyAllowed, Clock clock) throws IOException {
        WatchedPolicy watched = new WatchedPolicy(vertx, file, server, listOnlyAllowed, clock);
        watched.lastText = read(file);
        watched.policy = Policy.compile(watched.lastText, server);
        LOG.info("Policy {} with {} rules is in force, of the file {}", watched.policy.version(), watched.policy.size(), file);
        watched.timer = vertx.setPeriodic(EACH_MILLIS, tick -> vertx.executeBlocking(() -> watched.reload()));
        return watched;
    }

    /**
     * {@return the text of a policy file}
     *
     * @param file the file
     * @throws IOException if the file cannot be read or is too large
     */
    public static String read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("the file has more than " + LARGEST + " bytes");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    /** Reads the file again. Blocking. Returns whether another policy is in force now. */
    synchronized boolean reload() {
        try {
            String text = read(file);
            if (text.equals(lastText)) {
                return false;
            }
            lastText = text;
            Policy next = Policy.compile(text, server);
            boolean changed = !next.version().equals(policy.version());
            String before = policy.version();
            policy = next;
            problem = null;
            LOG.info("Policy {} with {} rules is in force instead of {}", next.version(), next.size(), before);
            AuditLog.record("policy_loaded", "policy", next.version(), "before", before);
            if (changed) {
                listeners.forEach(Runnable::run);
            }
            return changed;
        } catch (InvalidPolicyException invalid) {
            report(invalid.getMessage());
        } catch (IOException unreadable) {
            lastText = null;
            report("the file cannot be read: " + unreadable);
        }
        return false;
    }

    private void report(String found) {
        if (!Objects.equals(found, problem)) {
            problem = found;
            LOG.error("The policy file {} is not used, and policy {} stays in force: {}", file, policy.version(), found);
            AuditLog.record("policy_rejected", "policy", policy.version());
        }
    }

    /**
     * Adds a listener for changes of the policy.
     *
     * @param listener runs on a worker thread
     * @return removes the listener
     */
    public Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** {@return the version in force, and whether the file has an error, for a health document} */
    public JsonObject health() {
        return new JsonObject().put("version", policy.version()).put("file", problem == null ? "current" : "invalid");
    }

    @Override
    public Verdict decide(Caller caller, ToolDefinition tool, Map<String, Object> arguments) {
        Policy now = policy;
        Ruling ruling = now.decide(caller, tool, arguments, clock.instant());
        record(now, caller, tool, ruling.decision());
        return ruling.verdict();
    }

    @Override
    public Optional<StepUp> stepUp(Caller caller, ToolDefinition tool, Map<String, Object> arguments) {
        Policy now = policy;
        if (!now.mayStepUp(caller, tool)) {
            return Optional.empty();
        }
        PolicyDecision decision = arguments == null ? now.decideWithoutArguments(caller, tool, clock.instant())
            : now.decide(caller, tool, arguments, clock.instant()).decision();
        if (decision.effect() != Effect.REQUIRE_STEP_UP) {
            return Optional.empty();
        }
        record(now, caller, tool, decision);
        return Optional.of(now.requirements(decision.rule()));
    }

    @Override
    public boolean isListed(Caller caller, ToolDefinition tool) {
        return !listOnlyAllowed || policy.decideWithoutArguments(caller, tool, clock.instant()).effect() != Effect.DENY;
    }

    @Override
    public boolean listsByCaller() {
        return listOnlyAllowed;
    }

    /** The arguments are not recorded. */
    private static void record(Policy policy, Caller caller, ToolDefinition tool, PolicyDecision decision) {
        if (decision.effect() == Effect.ALLOW) {
            LOG.debug("Policy {} allows {} by rule {}", policy.version(), tool.name(), decision.rule());
            return;
        }
        Principal principal = caller instanceof Principal authenticated ? authenticated : null;
        AuditLog.record(decision.effect() == Effect.DENY ? "tool_call_denied" : "tool_call_" + decision.effect().wireName(),
            "policy", policy.version(), "rule", decision.rule(), "failed", decision.failed() ? true : null, "tool", tool.name(),
            "subject", principal == null ? null : principal.subject(), "client_id", principal == null ? null : principal.clientId());
    }

    /** Stops watching. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return Future.succeededFuture();
    }
}
