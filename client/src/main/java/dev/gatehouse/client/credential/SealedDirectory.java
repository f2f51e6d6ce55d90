package dev.gatehouse.client.credential;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.secret.KeyFile;
import dev.gatehouse.shared.secret.Sealer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory of encrypted texts, for its owner only. A write replaces a file in one step, so a process that is killed leaves the old
 * text or the new one. Blocking.
 */
final class SealedDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(SealedDirectory.class);
    private static final String DRAFT = ".draft";
    private static final Duration LONGEST_WRITE = Duration.ofMinutes(10);

    private final DataHome home;
    private final Path directory;
    private final Path keyFile;
    private Sealer sealer;

    SealedDirectory(DataHome home, String name) {
        this.home = home;
        this.directory = home.file(name);
        this.keyFile = home.file("keys/" + name + ".key");
    }

    /** The text of a file; empty when there is none, or when the key cannot decrypt it. */
    Optional<String> read(String name) throws IOException {
        try {
            byte[] sealed = Files.readAllBytes(directory.resolve(name));
            return Files.exists(keyFile) ? Optional.of(sealer().open(sealed, name)) : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (Sealer.BrokenSealException e) {
            LOG.warn("{} is not encrypted with the key in {} and is not used. Sign in again.", directory.resolve(name), keyFile);
            return Optional.empty();
        }
    }

    void write(String name, String text) throws IOException {
        prepare();
        Path draft = Files.createTempFile(directory, name, DRAFT, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            removeDraftsBefore(draft);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer sealed = ByteBuffer.wrap(sealer().seal(text, name));
                while (sealed.hasRemaining()) {
                    channel.write(sealed);
                }
                channel.force(true);
            }
            Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    /** The drafts of processes that were killed. */
    private void removeDraftsBefore(Path draft) throws IOException {
        FileTime old = FileTime.from(modified(draft).toInstant().minus(LONGEST_WRITE));
        for (Path file : files(DRAFT)) {
            if (modified(file).compareTo(old) < 0) {
                Files.deleteIfExists(file);
            }
        }
    }

    boolean delete(String name) throws IOException {
        return Files.deleteIfExists(directory.resolve(name));
    }

    /** The names with an ending, the one written last at the end. */
    List<String> names(String ending) throws IOException {
        return files(ending).stream().sorted(Comparator.comparing(SealedDirectory::modified)).map(file -> file.getFileName().toString()).toList();
    }

    private List<Path> files(String ending) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending)).toList();
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    /** Creates the directory. Returns the path of a file in it. */
    Path prepare(String name) throws IOException {
        prepare();
        return directory.resolve(name);
    }

    private void prepare() throws IOException {
        if (!Files.isDirectory(directory)) {
            home.prepare();
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private synchronized Sealer sealer() {
        if (sealer == null) {
            sealer = KeyFile.loadOrCreate(keyFile).sealer("credentials");
        }
        return sealer;
    }
}
