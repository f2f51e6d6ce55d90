package dev.gatehouse.authz.audit;

import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.authz.audit.AuditExport.Destination;
import dev.gatehouse.authz.audit.AuditOptions.FileOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** A file with one line of JSON for each event. It is renamed when it is full: FILE.1 is newer than FILE.2. Its last line tells what has been written. */
final class AuditFile implements Destination {

    private static final int LAST_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final Path file;
    private final FileOptions options;
    private Long written;

    AuditFile(Vertx vertx, Path file, FileOptions options) {
        this.vertx = vertx;
        this.file = file;
        this.options = options;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public Future<Optional<Long>> position() {
        return written != null ? Future.succeededFuture(Optional.of(written)) : vertx.executeBlocking(this::resume, false).map(last -> {
            written = last;
            return Optional.of(last);
        });
    }

    @Override
    public Future<Void> deliver(List<ChainedEvent> events) {
        return vertx.<Void>executeBlocking(() -> write(events), false).onSuccess(done -> written = events.get(events.size() - 1).seq())
            // After a failure the file tells how far it got.
            .onFailure(failure -> written = null);
    }

    /** Removes an incomplete last line. Returns the number of the last event, also if the newest file is empty. */
    private Long resume() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            Path former = numbered(1);
            return Files.exists(former) ? lastOf(former) : 0L;
        }
        return lastOf(file);
    }

    private static Long lastOf(Path path) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(path.toFile(), "rw")) {
            long begin = Math.max(0, open.length() - LAST_BYTES);
            byte[] end = new byte[(int) (open.length() - begin)];
            open.seek(begin);
            open.readFully(end);
            String text = new String(end, StandardCharsets.ISO_8859_1);
            int complete = text.lastIndexOf('\n') + 1;
            open.setLength(begin + complete);
            int line = text.lastIndexOf('\n', complete - 2) + 1;
            return complete == 0 ? 0L : new JsonObject(text.substring(line, complete)).getLong("seq");
        }
    }

    private Void write(List<ChainedEvent> events) throws IOException {
        FileChannel channel = null;
        try {
            channel = open();
            for (ChainedEvent event : events) {
                byte[] line = (event.json().encode() + "\n").getBytes(StandardCharsets.UTF_8);
                if (channel.size() > 0 && channel.size() + line.length > options.maximumBytes()) {
                    channel.force(true);
                    channel.close();
                    rotate();
                    channel = open();
                }
                ByteBuffer bytes = ByteBuffer.wrap(line);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            channel.force(true);
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
        return null;
    }

    private FileChannel open() throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.createFile(file);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private void rotate() throws IOException {
        Files.deleteIfExists(numbered(options.keptFiles()));
        for (int number = options.keptFiles() - 1; number >= 1; number--) {
            if (Files.exists(numbered(number))) {
                Files.move(numbered(number), numbered(number + 1), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.move(file, numbered(1), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }
}
