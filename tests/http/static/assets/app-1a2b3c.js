console.log("tutela");
