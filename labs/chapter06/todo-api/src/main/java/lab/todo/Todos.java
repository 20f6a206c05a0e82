package lab.todo;

import static lab.todo.Mongo.document;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The todos in the database: what the service can do with them. */
final class Todos {
    private static final String COLLECTION = "todos";

    private final Mongo mongo;

    Todos(Mongo mongo) {
        this.mongo = mongo;
    }

    List<Map<String, Object>> list() throws IOException {
        Map<?, ?> cursor = (Map<?, ?>) mongo.run(document("find", COLLECTION)).get("cursor");
        return ((List<?>) cursor.get("firstBatch")).stream().map(Todos::shown).toList();
    }

    Map<String, Object> add(String title) throws IOException {
        byte[] id = new byte[ObjectId.BYTES];
        new SecureRandom().nextBytes(id);
        Map<String, Object> todo =
                document("_id", ObjectId.of(id), "title", title, "done", false);
        mongo.run(document("insert", COLLECTION, "documents", List.of(todo)));
        return shown(todo);
    }

    boolean mark(ObjectId id, boolean done) throws IOException {
        Map<String, Object> update =
                document("q", document("_id", id), "u", document("$set", document("done", done)));
        return count(mongo.run(document("update", COLLECTION, "updates", List.of(update))));
    }

    boolean remove(ObjectId id) throws IOException {
        Map<String, Object> delete = document("q", document("_id", id), "limit", 1);
        return count(mongo.run(document("delete", COLLECTION, "deletes", List.of(delete))));
    }

    void ping() throws IOException {
        mongo.run(document("ping", 1));
    }

    private static boolean count(Map<String, Object> answer) {
        return ((Number) answer.get("n")).intValue() > 0;
    }

    /** Returns a todo as the web sees it: its id is called "id" there. */
    private static Map<String, Object> shown(Object todo) {
        Map<String, Object> copy = new LinkedHashMap<>();
        ((Map<?, ?>) todo).forEach((name, value) -> {
            String called = name.equals("_id") ? "id" : (String) name;
            copy.put(called, value instanceof ObjectId id ? id.toString() : value);
        });
        return copy;
    }
}
