package dev.gatehouse.it.support;

import dev.gatehouse.fixtures.Eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A proxy that is configured by the lines of {@code docs/proxies.md}. */
public enum Proxy {
    NGINX("nginx", "### nginx") {
        @Override
        String whole(String lines, int port, Path directory) {
            return """
                daemon off;
                pid %1$s/nginx.pid;
                error_log stderr;
                events {}
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  server {
                    listen 127.0.0.1:%2$d;
                    location / { return 404; }
                %3$s
                  }
                }
                """.formatted(directory, port, lines);
        }

        @Override
        List<String> command(String program, Path file) {
            return List.of(program, "-p", file.getParent().toString(), "-e", "stderr", "-c", file.toString());
        }
    },
    CADDY("caddy", "### Caddy") {
        @Override
        String whole(String lines, int port, Path directory) {
            return "{\n  admin off\n  auto_https off\n}\nhttp://localhost:" + port + " {\n" + lines + "\n}\n";
        }

        @Override
        List<String> command(String program, Path file) {
            return List.of(program, "run", "--config", file.toString(), "--adapter", "caddyfile");
        }
    },
    HAPROXY("haproxy", "### HAProxy") {
        @Override
        String whole(String lines, int port, Path directory) {
            return """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 1h
                  timeout server 30s
                frontend public
                  bind 127.0.0.1:%d
                %s
                """.formatted(port, lines);
        }

        @Override
        List<String> command(String program, Path file) {
            return List.of(program, "-db", "-f", file.toString());
        }
    };

    private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w+)\n(.*?)```");
    private final String program;
    private final String heading;

    Proxy(String program, String heading) {
        this.program = program;
        this.heading = heading;
    }

    abstract String whole(String lines, int port, Path directory);

    abstract List<String> command(String program, Path file);

    /** Starts it before both servers, whose paths it keeps or takes off. */
    public ChildProcess start(boolean strips, int port, int authzPort, int mcpPort) {
        return start(strips, port, authzPort, mcpPort, documented -> documented);
    }

    /** The same with lines that are not as documented. */
    public ChildProcess start(boolean strips, int port, int authzPort, int mcpPort, UnaryOperator<String> change) {
        Path directory = Product.scratch(program);
        try {
            String lines = change.apply(linesForEarlyClients() + lines().get(strips ? 1 : 0)).replace("127.0.0.1:9000", "127.0.0.1:" + authzPort).replace("127.0.0.1:8001", "127.0.0.1:" + mcpPort);
            Path file = Files.writeString(directory.resolve("configuration"), whole(lines, port, directory));
            ChildProcess process = ChildProcess.start(directory.resolve("log"), Map.of("HOME", directory.toString()),
                command(Parts.proxy(program).toString(), file));
            Eventually.holds(program + " listens", Duration.ofSeconds(20), () -> {
                try (Socket socket = new Socket("127.0.0.1", port)) {
                    return socket.isConnected();
                }
            });
            return process;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<String> lines() throws IOException {
        return BLOCK.matcher(section(heading)).results().map((MatchResult block) -> block.group(2)).toList();
    }

    private String linesForEarlyClients() throws IOException {
        return BLOCK.matcher(section("## Clients of revision 2025-03-26")).results().filter(block -> block.group(1).startsWith(program))
            .map(block -> block.group(2)).findFirst().orElseThrow();
    }

    private static String section(String heading) throws IOException {
        String page = Files.readString(Product.ROOT.resolve("docs/proxies.md"));
        int begin = page.indexOf("\n" + heading + "\n") + 1;
        return page.substring(begin, page.indexOf("\n##", begin + heading.length()));
    }
}
