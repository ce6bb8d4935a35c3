export { applySudokuSymmetry, augmentSudoku, drawSudokuSymmetry, type SudokuSymmetry } from "./augment";
export { blankToken, digitsOf, type SudokuBoard, showSudoku, sudokuBoard, tokensOf } from "./board";
export { allSudokuGrids, drawSudokuGrid, drawSudokuGrids } from "./grids";
export { readPuzzleFolder, writePuzzleFolder } from "./puzzle-folder";
export { makeSudokuPuzzles, type SudokuPuzzles, selectPuzzles } from "./puzzles";
export { onlySolution, type SudokuSolutions, solveSudoku } from "./solve";
