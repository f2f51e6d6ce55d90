package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.StdioServer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From the start of the process to its first answer, which is to initialize: what a person with a host waits for. */
final class StdioStart {
    private StdioStart() {
    }

    /**
     * The median of several starts in milliseconds, behind one that is not counted.
     *
     * @param prefix of the command, which gives it all cores back if this process has let some go
     */
    static double medianMillis(int starts, String issuer, List<String> prefix) {
        Path home = Product.scratch("bench-stdio");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(Product.command("mcp", "--transport", "stdio", "--auth-server", issuer));
        start(home, command);
        double[] millis = new double[starts];
        Arrays.setAll(millis, i -> start(home, command));
        Arrays.sort(millis);
        return millis[starts / 2];
    }

    private static double start(Path home, List<String> command) {
        long begun = System.nanoTime();
        try (StdioServer server = StdioServer.start(home, null, command)) {
            server.send(McpSession.initializeRequest().encode());
            server.next();
            return (System.nanoTime() - begun) / 1e6;
        }
    }
}
