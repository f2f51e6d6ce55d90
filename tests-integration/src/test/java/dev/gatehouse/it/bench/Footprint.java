package dev.gatehouse.it.bench;

import dev.gatehouse.it.support.ServerMemory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The memory, descriptors and threads of a server process.
 *
 * @param live bytes of reachable objects
 * @param resident bytes of memory that the operating system has given it
 * @param descriptors open files and sockets
 * @param threads threads of the JVM and of its libraries
 */
record Footprint(long live, long resident, long descriptors, long threads) {

    /** Measures a process by its identifier, after a full garbage collection. */
    static Footprint of(long pid) {
        ServerMemory memory = ServerMemory.of(pid);
        Path process = Path.of("/proc", String.valueOf(pid));
        return new Footprint(memory.live(), memory.resident(), entries(process.resolve("fd")), entries(process.resolve("task")));
    }

    private static long entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
