#ifndef CLIBPQ_H
#define CLIBPQ_H

#include <stddef.h>

// PostgreSQL's client library, loaded when it is first wanted: a program that uses no PostgreSQL needs no libpq.
// Declarations of libpq: https://www.postgresql.org/docs/current/libpq.html. Only pq_load may be called before pq_load
// has answered PQ_LOADED; it may be called from any thread. A connection belongs to one thread at a time.

typedef struct pq_connection pq_connection;
typedef struct pq_result pq_result;

typedef enum { PQ_LOADED = 0, PQ_MISSING = 1, PQ_TOO_OLD = 2 } pq_loading;

// Loads this library, once. PQ_TOO_OLD: it lacks a function that is used here.
pq_loading pq_load(const char *library);

// Never NULL unless memory is exhausted; blocks. Both lists end with NULL.
pq_connection *pq_connect(const char *const *keywords, const char *const *values);
// 1 while the connection can be used.
int pq_is_open(const pq_connection *connection);
// 1 while a transaction is open, also one that failed.
int pq_in_transaction(const pq_connection *connection);
// Of the last thing that failed; lives as long as nothing else is done with the connection.
const char *pq_error(const pq_connection *connection);
void pq_finish(pq_connection *connection);

typedef enum {
    PQ_ANSWERED = 0, // *result holds the first error, else the last result
    PQ_LATE = 1,     // no answer in time; the connection is of no more use
    PQ_BROKEN = 2    // the connection broke; *result may hold what the server said last
} pq_outcome;

// Sends one statement, or several when count is -1 (values is not read then), and waits for all results.
pq_outcome pq_exec(pq_connection *connection, const char *sql, int count, const char *const *values, int milliseconds,
                   pq_result **result);

// 1 when the statement was done.
int pq_succeeded(const pq_result *result);
int pq_rows(const pq_result *result);
int pq_columns(const pq_result *result);
unsigned int pq_type(const pq_result *result, int column);
int pq_is_null(const pq_result *result, int row, int column);
// Lives as long as the result; pq_length bytes and a zero byte.
const char *pq_value(const pq_result *result, int row, int column);
int pq_length(const pq_result *result, int row, int column);
// What the server calls the command, such as "COMMIT", and how many rows it touched ("" when it touches none).
const char *pq_command(const pq_result *result);
const char *pq_touched(const pq_result *result);
// Parts of an error, or NULL: 'C' SQLSTATE, 'M' message, 'n' constraint.
const char *pq_field(const pq_result *result, int field);
void pq_clear(pq_result *result);

#endif
