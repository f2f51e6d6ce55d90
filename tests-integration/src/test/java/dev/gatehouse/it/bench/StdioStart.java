package dev.gatehouse.it.bench;

import dev.gatehouse.it.support.McpSession;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.StdioServer;
import java.nio.file.Path;
import java.util.Arrays;

/** From the start of the process to its first answer, which is to initialize: what a person with a host waits for. */
final class StdioStart {
    private StdioStart() {
    }

    /** The median of several starts in milliseconds, behind one that is not counted. */
    static double medianMillis(int starts, String issuer) {
        Path home = Product.scratch("bench-stdio");
        start(home, issuer);
        double[] millis = new double[starts];
        Arrays.setAll(millis, i -> start(home, issuer));
        Arrays.sort(millis);
        return millis[starts / 2];
    }

    private static double start(Path home, String issuer) {
        long begun = System.nanoTime();
        try (StdioServer server = StdioServer.start(home, null,
            Product.command("mcp", "--transport", "stdio", "--auth-server", issuer))) {
            server.send(McpSession.initializeRequest().encode());
            server.next();
            return (System.nanoTime() - begun) / 1e6;
        }
    }
}
