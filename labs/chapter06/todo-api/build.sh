#!/bin/sh
# Makes target/todo-api-1.0.0.jar: what `mvn package` does for a bigger project.
# Runs in the JDK's image, in this folder:
#   docker run --rm -v "$PWD":/work -w /work openjdk:18-jdk-alpine sh build.sh
set -e

cd "$(dirname "$0")"
mkdir -p target/classes
javac -d target/classes $(find src/main/java -name '*.java' | sort)
jar --create --file target/todo-api-1.0.0.jar --main-class lab.todo.TodoApi -C target/classes .
echo "target/todo-api-1.0.0.jar is ready"
