package dev.gatehouse.shared.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listening socket that notes who connects and answers bytes as they are given, on all addresses of this machine. */
final class RawServer implements AutoCloseable {

    /** Serves one connection. Returns after the last byte. */
    interface Answer {
        void write(OutputStream to) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final List<InetAddress> called = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    RawServer(Answer answer) {
        try {
            listener = new ServerSocket(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(() -> accept(answer));
    }

    static RawServer saying(String text) {
        return new RawServer(to -> to.write(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void accept(Answer answer) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                called.add(socket.getLocalAddress());
                open.add(socket);
                thread(() -> answer(socket, answer));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void answer(Socket socket, Answer answer) {
        try (socket) {
            socket.getInputStream().read(new byte[4096]);
            answer.write(socket.getOutputStream());
        } catch (IOException | InterruptedException e) {
            // The fetcher hung up, as it should.
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The addresses of this machine that were connected to, one for each connection. */
    List<InetAddress> called() {
        return called;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
