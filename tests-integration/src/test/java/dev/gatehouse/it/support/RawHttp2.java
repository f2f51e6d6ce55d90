package dev.gatehouse.it.support;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Raw HTTP/2 frames over TLS (RFC 9113 §4), for requests that no HTTP client sends. Acknowledges nothing. */
public final class RawHttp2 implements AutoCloseable {
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int GOAWAY = 7;
    private static final int DATA = 0;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int SILENCE_MILLIS = 1_500;
    private final SSLSocket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    private RawHttp2(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.out = new DataOutputStream(socket.getOutputStream());
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** A frame that came back. */
    public record Frame(int type, int flags, int stream, byte[] payload) {
        /** Of a frame that has an error code. */
        public int errorCode() {
            return payload[payload.length - 1] & 0xff;
        }
    }

    /** Begins a connection with a preface and no settings. */
    public static RawHttp2 connect(SSLContext context, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.startHandshake();
        RawHttp2 connection = new RawHttp2(socket);
        connection.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        connection.send(SETTINGS, 0, 0, new byte[0]);
        return connection;
    }

    /** Begins a POST and leaves its body open. */
    public void beginPost(int stream, String path, int port) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x83);
        block.write(0x87);
        literal(block, 0x04, path);
        literal(block, 0x01, "localhost:" + port);
        send(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    /** Sends the body of a POST. */
    public void endPost(int stream, String body) throws IOException {
        send(DATA, END_STREAM, stream, body.getBytes(StandardCharsets.US_ASCII));
    }

    /** Resets a stream before its request is complete. */
    public void abort(int stream) throws IOException {
        send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    private static void literal(ByteArrayOutputStream block, int name, String value) {
        block.write(name);
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(0);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    /** Reads frames until the server is silent or closes the connection. */
    public List<Frame> frames() throws IOException {
        out.flush();
        List<Frame> frames = new ArrayList<>();
        try {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                frames.add(new Frame(type, flags, stream, in.readNBytes(length)));
            }
        } catch (SocketTimeoutException | EOFException | SocketException over) {
            return frames;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
