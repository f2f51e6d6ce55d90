package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code run -cluster}, seen from outside. */
final class ClusterIT {
    private static final String LISTENING = "0A";
    private static final Set<String> LOOPBACK = Set.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

    @Test
    void everySocketOfAClusteredServerIsBoundToLoopback() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "sockets of a process are looked up in /proc");
        int port = Ports.free();
        Path file = Files.writeString(Product.scratch("conf").resolve("authz.json"), new JsonObject().put("port", port).encode());
        try (ChildProcess server = ChildProcess.start(Product.scratch("log").resolve("cluster.log"), Product.environment(Product.scratch("home")),
            Product.command("run", "authz", "-conf", file.toString(), "-cluster"))) {
            Eventually.holds("the server answers", Duration.ofSeconds(90),
                () -> Http.get("http://localhost:" + port + "/health").statusCode() == 200);
            List<String> addresses = listening(server.pid());
            assertThat(addresses).as("the server's port, the event bus and the cluster").hasSizeGreaterThanOrEqualTo(3);
            assertThat(LOOPBACK).containsAll(addresses);
        }
    }

    /** The local addresses on which a process listens, as the kernel writes them. */
    private static List<String> listening(long pid) throws IOException {
        Set<String> sockets = sockets(Path.of("/proc", String.valueOf(pid), "fd"));
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "net", table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[3].equals(LISTENING) && sockets.contains("socket:[" + fields[9] + "]")) {
                    addresses.add(fields[1].substring(0, fields[1].indexOf(':')));
                }
            }
        }
        return addresses;
    }

    private static Set<String> sockets(Path descriptors) throws IOException {
        Set<String> targets = new HashSet<>();
        try (Stream<Path> files = Files.list(descriptors)) {
            for (Path file : files.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(file).toString());
                } catch (IOException closedMeanwhile) {
                    continue;
                }
            }
        }
        return targets;
    }
}
