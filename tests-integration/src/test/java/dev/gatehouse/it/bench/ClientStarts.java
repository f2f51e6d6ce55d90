package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The starts of the client's commands, in turn with those of mcp-remote and the Inspector's command line, at one server. */
final class ClientStarts {

    private static final int STARTS = 9;
    private static final long LIMIT_SECONDS = 60;
    private static final Path MODULES = Path.of("node", "node_modules");
    private static final Pattern AUTHORIZATION = Pattern.compile("(http://localhost:\\d+/oauth/authorize\\?\\S+)\\s");
    /** Prints the processor time of a command, with its children, to the file that is the first argument. */
    private static final String TIMED = "file=$1; shift; TIMEFORMAT='%U %S'; { time \"$@\" 2>/dev/null 3>&-; } 2>\"$file\"";

    /** @param line typed when the process has started; empty for none */
    private record Program(String name, List<String> command, Map<String, String> environment, String line, String awaited, String end, int aimMillis) {
    }

    private record Start(double wallMillis, double processorMillis) {
    }

    private final Path home = Product.scratch("bench-client");
    private final RunningGatehouse gatehouse;

    private ClientStarts(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    static void run() throws IOException {
        try (RunningGatehouse gatehouse = RunningGatehouse.up()) {
            new ClientStarts(gatehouse).measure();
        }
    }

    private void measure() throws IOException {
        logIn();
        List<Program> programs = programs();
        Map<Program, List<Start>> starts = new HashMap<>();
        for (int round = 0; round <= STARTS; round++) {
            for (Program program : programs) {
                Start start = start(program);
                if (round > 0) {
                    starts.computeIfAbsent(program, first -> new ArrayList<>()).add(start);
                }
            }
        }
        System.out.printf("load average %.1f on %d processors; median of %d starts%n%-44s %9s %9s %9s%n",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(), Runtime.getRuntime().availableProcessors(), STARTS,
            "", "wall ms", "CPU ms", "aim ms");
        programs.forEach(program -> System.out.printf("%-44s %9.0f %9.0f %9s%n", program.name, median(starts.get(program), Start::wallMillis),
            median(starts.get(program), Start::processorMillis), program.aimMillis == 0 ? "" : program.aimMillis));
    }

    private List<Program> programs() {
        String node = Parts.node().toString();
        String header = "Authorization: Bearer " + gatehouse.tokens().access();
        String initialize = McpSession.initializeRequest().encode() + "\n";
        Map<String, String> ours = Product.plainEnvironment(home);
        Map<String, String> theirs = Map.of("HOME", home.toString(), "MCP_REMOTE_CONFIG_DIR", home.toString());
        String chat = "stty cols 120 rows 40; exec " + String.join(" ", Product.command("chat"));
        return List.of(
            new Program("gatehouse chat, to the prompt", List.of(Parts.script().toString(), "-qec", chat, "/dev/null"), ours, "", "You> ", "/quit\r", 500),
            new Program("gatehouse connect --call, whole process", Product.command("connect", gatehouse.mcp(), "--call", "get_user_profile"),
                ours, "", "testuser@example.com", "", 900),
            new Program("gatehouse stdio, to the first answer", Product.command("stdio", gatehouse.mcp()), ours, initialize, "\"result\"", "", 0),
            new Program("mcp-remote, to the first answer", List.of(node, MODULES.resolve("mcp-remote/dist/proxy.js").toString(), gatehouse.mcp(),
                String.valueOf(Ports.free()), "--header", header), theirs, initialize, "\"result\"", "", 0),
            new Program("Inspector's command line, whole process", List.of(node,
                MODULES.resolve("@modelcontextprotocol/inspector/clients/launcher/build/index.js").toString(), "--cli", "--format", "json", "--quiet",
                "--method", "tools/call", "--tool-name", "get_user_profile", "--tool-args-json", "{}", "--transport", "http", "--header", header,
                "--stored-auth-only", gatehouse.mcp()), theirs, "", "testuser@example.com", "", 0));
    }

    /** Whole processes are measured to their end, others to the text that is awaited. */
    private Start start(Program program) throws IOException {
        Path processorTime = home.resolve("time");
        List<String> command = new ArrayList<>(List.of("bash", "-c", TIMED, "bash", processorTime.toString()));
        command.addAll(program.command);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(program.environment);
        long begun = System.nanoTime();
        Process process = builder.start();
        OutputStream input = process.getOutputStream();
        try {
            input.write(program.line.getBytes(StandardCharsets.UTF_8));
            input.flush();
            awaitText(process.getInputStream(), program);
            long answered = System.nanoTime();
            input.write(program.end.getBytes(StandardCharsets.UTF_8));
            input.close();
            awaitEnd(process, program.name);
            long ended = System.nanoTime();
            String[] seconds = Files.readString(processorTime).strip().split("\\s+");
            return new Start(((program.name.contains("whole") ? ended : answered) - begun) / 1e6,
                1_000 * (Double.parseDouble(seconds[0]) + Double.parseDouble(seconds[1])));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void awaitText(InputStream output, Program program) throws IOException {
        StringBuilder seen = new StringBuilder();
        byte[] bytes = new byte[8_192];
        while (seen.indexOf(program.awaited) < 0) {
            int count = output.read(bytes);
            if (count < 0) {
                throw new IllegalStateException(program.name + " ended without " + program.awaited + ":\n" + seen);
            }
            seen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
    }

    private static void awaitEnd(Process process, String name) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private void logIn() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Product.command("login", gatehouse.mcp(), "--no-browser")).redirectErrorStream(true);
        builder.environment().putAll(Product.plainEnvironment(home));
        Process login = builder.start();
        StringBuilder seen = new StringBuilder();
        byte[] bytes = new byte[8_192];
        Matcher address = AUTHORIZATION.matcher(seen);
        while (!address.reset(seen).find()) {
            int count = login.getInputStream().read(bytes);
            if (count < 0) {
                throw new IllegalStateException("login ended early:\n" + seen);
            }
            seen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
        Http.get(gatehouse.journey().allow(address.group(1)).toString());
        awaitEnd(login, "login");
    }

    private static double median(List<Start> starts, ToDoubleFunction<Start> figure) {
        double[] sorted = starts.stream().mapToDouble(figure).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
