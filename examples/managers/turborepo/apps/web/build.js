throw new Error("the api needs nothing of this member");
