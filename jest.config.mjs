export default { projects: ['<rootDir>/apps/*', '<rootDir>/libs/*', '<rootDir>/e2e'], testTimeout: 30_000 };
