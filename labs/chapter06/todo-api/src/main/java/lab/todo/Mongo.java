package lab.todo;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One connection to MongoDB, opened when it is needed and again when it broke.
 *
 * <p>A message is a header of four numbers (length, id, the id it answers, the kind), four bytes
 * of flags, and one section: a zero and a document. Command and answer look the same.
 */
final class Mongo {
    private static final int OP_MSG = 2013;
    private static final int HEADER_BYTES = 16;
    private static final int CONNECT_MILLIS = 3000;

    private final Settings settings;
    private Socket socket;
    private int lastId;

    Mongo(Settings settings) {
        this.settings = settings;
    }

    /** Runs a command in the service's own database; tries twice, as servers restart. */
    synchronized Map<String, Object> run(Map<String, ?> command) throws IOException {
        boolean isFresh = socket == null;
        try {
            return runOnce(command);
        } catch (IOException error) {
            close();
            if (isFresh) {
                throw error;
            }
            return runOnce(command);
        }
    }

    private Map<String, Object> runOnce(Map<String, ?> command) throws IOException {
        if (socket == null) {
            open();
        }
        return ask(settings.database(), command);
    }

    private void open() throws IOException {
        socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(settings.mongoHost(), settings.mongoPort()), CONNECT_MILLIS);
            if (settings.hasLogin()) {
                logIn(new Scram(settings.user(), settings.password()));
            }
        } catch (IOException | RuntimeException error) {
            close();
            throw error;
        }
    }

    private void logIn(Scram scram) throws IOException {
        String database = settings.loginDatabase();
        Map<String, Object> answer = ask(
                database,
                document("saslStart", 1, "mechanism", "SCRAM-SHA-256", "payload", scram.first()));
        byte[] payload;
        try {
            payload = scram.proof((byte[]) answer.get("payload"));
        } catch (GeneralSecurityException error) {
            throw new IllegalStateException("this Java knows no SCRAM-SHA-256", error);
        }
        while (!Boolean.TRUE.equals(answer.get("done"))) {
            Object id = answer.get("conversationId");
            answer = ask(
                    database, document("saslContinue", 1, "conversationId", id, "payload", payload));
            payload = new byte[0];
        }
    }

    private Map<String, Object> ask(String database, Map<String, ?> command) throws IOException {
        Map<String, Object> addressed = new LinkedHashMap<>(command);
        addressed.put("$db", database);
        byte[] body = Bson.encode(addressed);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int number : new int[] {HEADER_BYTES + 5 + body.length, ++lastId, 0, OP_MSG, 0}) {
            out.writeBytes(Bson.int32(number));
        }
        out.write(0); // a section of the kind "body"
        out.writeBytes(body);
        socket.getOutputStream().write(out.toByteArray());
        Map<String, Object> answer = receive();
        if (((Number) answer.get("ok")).intValue() != 1) {
            throw new IllegalStateException(String.valueOf(answer.get("errmsg")));
        }
        return answer;
    }

    private Map<String, Object> receive() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] header = new byte[HEADER_BYTES];
        in.readFully(header);
        byte[] rest = new byte[little(header).getInt() - HEADER_BYTES];
        in.readFully(rest);
        return Bson.decode(little(rest).position(5)); // flags, and the section's kind
    }

    private void close() {
        try (Socket closing = socket) {
            socket = null;
        } catch (IOException error) {
            socket = null; // it was broken: that is why it is closed
        }
    }

    /** Makes a document of names and values in turn. */
    static Map<String, Object> document(Object... namesAndValues) {
        Map<String, Object> made = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            made.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return made;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
