package dev.gatehouse.it.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Raw bytes over a connection, for requests that no HTTP client sends. */
public final class RawHttp {
    private static final int SILENCE_MILLIS = 1_000;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    private RawHttp() {
    }

    /** The received bytes, and whether the server closed the connection. */
    public record Answer(String text, boolean closed) {
        /** The status of each answer. */
        public List<Integer> statuses() {
            return STATUS_LINE.matcher(text).results().map(match -> Integer.valueOf(match.group(1))).toList();
        }
    }

    /** Sends to the host and port of a URL, and reads until the server closes or is silent for a second. */
    public static Answer send(String url, String bytes) {
        URI uri = URI.create(url);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            boolean closed = readInto(received, socket);
            return new Answer(received.toString(StandardCharsets.ISO_8859_1), closed);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean readInto(ByteArrayOutputStream received, Socket socket) throws IOException {
        byte[] chunk = new byte[8192];
        try {
            for (int length = socket.getInputStream().read(chunk); length >= 0; length = socket.getInputStream().read(chunk)) {
                received.write(chunk, 0, length);
            }
            return true;
        } catch (SocketTimeoutException silent) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }
}
