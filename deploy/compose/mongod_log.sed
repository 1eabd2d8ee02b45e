# What mongod writes down goes through this: sed --unbuffered --regexp-extended --file mongod_log.sed
#
# A line about a query, a command, a write, an index or a transaction may quote it, and with it names, logins and
# addresses: of what took too long, or was ended, mongod quotes filter and update; of a value that was there already, the
# value, whoever tells. Redacting them is for its paid edition alone. So of such a line kind, place and message stay, and
# what belongs to it is left out.
/"c":"(QUERY|COMMAND|WRITE|INDEX|TXN)",|"keyValue":|dup key:/ s/^(\{"t":[^}]*\},"s":"[A-Z][0-9]*", *"c":"[A-Z_]+",[^{]*"msg":"[^"{]*","attr":)\{.*$/\1{"left_out":true}}/
