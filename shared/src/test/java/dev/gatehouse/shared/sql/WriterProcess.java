package dev.gatehouse.shared.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An {@link AcknowledgingWriter} under way, under umask 000 so that only the program's own care makes files private. */
final class WriterProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    WriterProcess(Path file, String prefix, int rows) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        process = new ProcessBuilder("/bin/sh", "-c", "umask 000; exec \"$0\" \"$@\"", java,
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"), "-cp", System.getProperty("java.class.path"),
            AcknowledgingWriter.class.getName(), file.toString(), prefix, Integer.toString(rows))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Waits until so many rows are acknowledged, and returns their ids. */
    List<String> acknowledged(int rows) throws IOException {
        List<String> ids = new ArrayList<>();
        while (ids.size() < rows) {
            String id = output.readLine();
            if (id == null) {
                throw new IOException("The process ended after " + ids.size() + " rows");
            }
            ids.add(id);
        }
        return ids;
    }

    /** Kills the process without warning, and returns what it had acknowledged besides. */
    List<String> kill() throws InterruptedException {
        // Unlike the process's own method, the handle's leaves its output open to be read to the end.
        process.toHandle().destroyForcibly();
        List<String> ids = new ArrayList<>(output.lines().toList());
        process.waitFor();
        if (!ids.isEmpty()) {
            // It may have been cut short in the middle of its last line.
            ids.remove(ids.size() - 1);
        }
        return ids;
    }

    /** Waits for the process's own end, and returns its exit code. */
    int end() throws InterruptedException {
        output.lines().forEach(line -> { });
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
