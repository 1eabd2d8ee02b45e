"""What docker-compose.yml needs beside images: secrets, the database's users, how broker and mongod start."""
