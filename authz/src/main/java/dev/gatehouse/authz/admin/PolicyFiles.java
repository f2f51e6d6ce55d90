package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.AdminOptions.PolicyOptions;
import dev.gatehouse.shared.policy.PolicyLanguage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * The operations on policies of tools. A policy is a file of an MCP server on this machine or on a volume that both mount; the MCP server reads it
 * again by itself.
 */
public final class PolicyFiles {

    private static final String EMPTY = "{\"rules\": []}\n";

    private final Vertx vertx;
    private final List<PolicyOptions> options;
    private final Function<String, Path> home;
    private final PolicyVersionStore versions;
    private final Clock clock;

    public PolicyFiles(Vertx vertx, List<PolicyOptions> options, Function<String, Path> home, PolicyVersionStore versions, Clock clock) {
        this.vertx = vertx;
        this.options = options;
        this.home = home;
        this.versions = versions;
        this.clock = clock;
    }

    Future<Answer> list(AdminCall call) {
        return blocking(() -> {
            List<JsonObject> all = new ArrayList<>();
            for (PolicyOptions policy : options) {
                all.add(described(policy, text(policy)));
            }
            return Answer.page(all, Integer.MAX_VALUE, last -> "");
        });
    }

    Future<Answer> read(AdminCall call) {
        return blocking(() -> {
            PolicyOptions policy = require(call);
            String text = text(policy);
            return Answer.tagged(whole(policy, text));
        });
    }

    /** The text before the change is kept first, also if the file was changed in another way. */
    Future<Answer> replace(AdminCall call) {
        String text = call.body().getString("text");
        return blocking(() -> {
            PolicyOptions policy = require(call);
            JsonObject check = language().check(text);
            if (!check.getBoolean("valid")) {
                throw Problem.unprocessable(check.getString("error"));
            }
            return whole(policy, text(policy));
        }).compose(before -> keep(call, before, null)).compose(kept -> blocking(() -> {
            PolicyOptions policy = require(call);
            write(call, policy, text);
            return whole(policy, text);
        })).compose(after -> keep(call, after, call.actor().sub()).map(Answer.tagged(after)));
    }

    private Future<Void> keep(AdminCall call, JsonObject policy, String actor) {
        return versions.keep(call.path("name"), policy.getString("version"), policy.getString("text"), actor, clock.millis());
    }

    Future<Answer> versions(AdminCall call) {
        String[] before = call.cursor(1);
        return blocking(() -> require(call)).compose(policy -> versions.list(policy.name(), before == null ? Long.MAX_VALUE : GrantListStore.number(before[0]), call.limit() + 1))
            .map(found -> Answer.page(found, call.limit(), last -> AdminCall.cursorOf(last.getLong("number"))));
    }

    Future<Answer> version(AdminCall call) {
        String number = call.path("number");
        return blocking(() -> require(call)).compose(policy -> number.matches("\\d{1,9}") ? versions.find(policy.name(), Long.parseLong(number)) : Future.succeededFuture(Optional.empty()))
            .map(found -> Answer.of(found.orElseThrow(() -> Problem.notFound("The policy has no such version"))));
    }

    /** One change of a process at a time compares the entity tag and replaces the file. */
    private synchronized void write(AdminCall call, PolicyOptions policy, String text) throws IOException {
        String before = text(policy);
        call.requireMatch(whole(policy, before));
        Path file = home.apply(policy.file());
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text, StandardCharsets.UTF_8);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A question with a text asks about that draft. */
    Future<Answer> explain(AdminCall call) {
        return blocking(() -> {
            PolicyOptions policy = require(call);
            String text = call.body().getString("text", text(policy));
            try {
                return Answer.of(language().explain(text, call.body()));
            } catch (IllegalArgumentException wrong) {
                throw Problem.unprocessable(wrong.getMessage());
            }
        });
    }

    private <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work, false);
    }

    private PolicyOptions require(AdminCall call) {
        return options.stream().filter(each -> each.name().equals(call.path("name"))).findFirst()
            .orElseThrow(() -> Problem.notFound("The configuration has no policy of this name"));
    }

    /** The text of the file; a policy without rules if there is no file yet. */
    private String text(PolicyOptions policy) throws IOException {
        try {
            return Files.readString(home.apply(policy.file()), StandardCharsets.UTF_8);
        } catch (NoSuchFileException absent) {
            return EMPTY;
        }
    }

    private static JsonObject whole(PolicyOptions policy, String text) {
        return described(policy, text).put("text", text);
    }

    private static JsonObject described(PolicyOptions policy, String text) {
        JsonObject check = language().check(text);
        return new JsonObject().put("name", policy.name()).put("valid", check.getBoolean("valid")).put("version", check.getString("version"))
            .put("rules", check.getInteger("rules")).put("error", check.getString("error"));
    }

    private static PolicyLanguage language() {
        return ServiceLoader.load(PolicyLanguage.class, PolicyFiles.class.getClassLoader()).findFirst()
            .orElseThrow(() -> Problem.conflict("This installation has no MCP server, which knows the tools of policies"));
    }
}
