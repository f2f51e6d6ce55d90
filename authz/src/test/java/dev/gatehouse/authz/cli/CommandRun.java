package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.shared.cli.CommandGroup;
import io.vertx.core.json.JsonObject;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command that was run on the store of a server, and what it said. */
record CommandRun(int exitCode, String output, String errors) {

    static CommandRun of(RunningServer server, Object command, String... arguments) {
        return withInput(server, "", command, arguments);
    }

    /** One command at a time: they share the standard input of the process. */
    static synchronized CommandRun withInput(RunningServer server, String input, Object command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-conf");
        all.add(configuration(server).toString());
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            int exitCode = CommandGroup.commandLine(command, arguments[0]).setOut(new PrintWriter(output)).setErr(new PrintWriter(errors))
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    commandLine.getErr().println(failure.getMessage());
                    return 1;
                }).execute(all.toArray(String[]::new));
            return new CommandRun(exitCode, output.toString(), errors.toString());
        } finally {
            System.setIn(before);
        }
    }

    private static Path configuration(RunningServer server) {
        JsonObject json = new JsonObject().put("database", new JsonObject().put("file", server.directory().resolve("authz.db").toString()))
            .put("store", RunningServer.store(server.directory()))
            .put("mail", server.section("mail"))
            .put("keyFile", server.directory().resolve("authz.key").toString())
            .put("passwordHash", new JsonObject().put("memoryKibibytes", 64).put("iterations", 1));
        try {
            return Files.writeString(server.directory().resolve("cli.json"), json.encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
